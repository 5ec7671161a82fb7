"""``positions-along-batch``: positional encodings are added along the batch axis."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class PositionsAlongBatch(Fault):
    """got: the shape they are added to. table: the shape of the slice. batch: the axis of the samples."""

    name: ClassVar[str] = "positions-along-batch"
    summary: ClassVar[str] = (
        "Positional encodings are added along the batch axis: each sample gets one, whatever the timestep."
    )

    got: Shape
    table: Shape
    batch: int

    page: ClassVar[str] = """\
The ``PositionalEncoding`` of PyTorch's tutorial is (length, 1, features) and cut with ``x.size(0)``: it is made for (time, batch, features).
Added to (batch, time, features) it broadcasts over time: all timesteps of a sample get the same vector, that of the sample's number.
"""
    faulty: ClassVar[str] = """\
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

table = torch.rand(500, 1, 32)
loader = DataLoader(TensorDataset(torch.rand(64, 21, 32)), batch_size=16)
encoder = nn.TransformerEncoderLayer(32, 4, batch_first=True)
for (x,) in loader:
    x = x + table[:x.size(0)]
    y = encoder(x)
"""
    fixed: ClassVar[str] = """\
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

table = torch.rand(1, 500, 32)
loader = DataLoader(TensorDataset(torch.rand(64, 21, 32)), batch_size=16)
encoder = nn.TransformerEncoderLayer(32, 4, batch_first=True)
for (x,) in loader:
    x = x + table[:, :x.size(1)]
    y = encoder(x)
"""
