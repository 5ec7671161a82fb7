"""``reshape-mixes-axes``: a reshape moves an axis to another place, which only a transpose can do."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class ReshapeMixesAxes(Fault):
    """before, after: both shapes. size: the size of the axis that was to be moved. source, target: its place in both."""

    name: ClassVar[str] = "reshape-mixes-axes"
    summary: ClassVar[str] = "A reshape where a transpose was meant: the numbers of different rows are mixed."

    before: Shape
    after: Shape
    size: DimLike
    source: int
    target: int

    page: ClassVar[str] = """\
``view`` and ``reshape`` keep the numbers in their order and only cut it anew. An axis stays whole only where everything to the right of
it keeps its size. To move an axis to another place there are ``permute`` and ``transpose``; heads are split off with
``x.view(batch, time, heads, size).transpose(1, 2)``.
"""
    faulty: ClassVar[str] = """\
import torch
from torch import nn

x = torch.rand(10, 40, 6)
batch, steps, sensors = x.shape
conv = nn.Conv1d(6, 16, 3)
y = conv(x.view(batch, sensors, steps))
"""
    fixed: ClassVar[str] = """\
import torch
from torch import nn

x = torch.rand(10, 40, 6)
batch, steps, sensors = x.shape
conv = nn.Conv1d(6, 16, 3)
y = conv(x.permute(0, 2, 1))
"""
