"""``batch-time-swapped``: a recurrent module or an attention reads samples as timesteps and timesteps as samples."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class BatchTimeSwapped(Fault):
    """taker: the class of the module. got: the shape it is given. batch: the axis that holds the samples.
    reads: the axis that it takes for the samples."""

    name: ClassVar[str] = "batch-time-swapped"
    summary: ClassVar[str] = "A module that reads sequences takes the batch axis for time."

    taker: str
    got: Shape
    batch: int
    reads: int

    page: ClassVar[str] = """\
PyTorch's recurrent modules, attention and Transformers read (time, batch, features) unless they are made with ``batch_first=True``. A
``DataLoader`` gives (batch, time, features). The sizes fit either way, so nothing raises, but each module then walks along the samples
of a batch as if they were timesteps.
"""
    faulty: ClassVar[str] = """\
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

loader = DataLoader(TensorDataset(torch.rand(96, 50, 8)), batch_size=32)
lstm = nn.LSTM(8, 16)
for (x,) in loader:
    out, _ = lstm(x)
"""
    fixed: ClassVar[str] = """\
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

loader = DataLoader(TensorDataset(torch.rand(96, 50, 8)), batch_size=32)
lstm = nn.LSTM(8, 16, batch_first=True)
for (x,) in loader:
    out, _ = lstm(x)
"""
