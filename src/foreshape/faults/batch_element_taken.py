"""``batch-element-taken``: the last sample of a batch is taken where the last timestep or layer was meant."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class BatchElementTaken(Fault):
    """what: "output" of a recurrent module, or its "state". got: the shape that is indexed. axis: the axis that the index
    stands for. meant: the axis that has timesteps or layers."""

    name: ClassVar[str] = "batch-element-taken"
    summary: ClassVar[str] = (
        "An index into what a recurrent module gives takes the last sample, not the last timestep or layer."
    )

    what: str
    got: Shape
    axis: int
    meant: int

    page: ClassVar[str] = """\
The output of a recurrent module is (batch, time, features) with ``batch_first=True`` and (time, batch, features) without. Its states are
(layers, batch, features) either way. ``-1`` on the batch axis takes one sample: the result has no batch, and one axis too few or the
wrong one is left, which often still fits.
"""
    faulty: ClassVar[str] = """\
import torch
from torch import nn

lstm = nn.LSTM(8, 16, num_layers=2, batch_first=True)
head = nn.Linear(16, 1)
_, (h, _) = lstm(torch.rand(4, 50, 8))
y = head(h[:, -1])
"""
    fixed: ClassVar[str] = """\
import torch
from torch import nn

lstm = nn.LSTM(8, 16, num_layers=2, batch_first=True)
head = nn.Linear(16, 1)
_, (h, _) = lstm(torch.rand(4, 50, 8))
y = head(h[-1])
"""
