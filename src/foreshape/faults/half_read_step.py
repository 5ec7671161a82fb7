"""``half-read-step``: the last step of the output of both directions is read, of which one half has read a single step."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class HalfReadStep(Fault):
    """got: the shape of the output. axis: that of time."""

    name: ClassVar[str] = "half-read-step"
    summary: ClassVar[str] = (
        "The last step of a bidirectional output is read: its backward half has seen no more. A note, not a fault."
    )
    informs: ClassVar[bool] = True

    got: Shape
    axis: int

    page: ClassVar[str] = """\
The output of a bidirectional module has the forward direction in the first half of its features and the backward one in the second. The
backward direction starts at the last step and ends at the first: ``out[:, -1]`` holds all that the forward direction has read, and the very
first step of the backward one. Such a model learns, from less than it could. Both ends are ``torch.cat((h[-2], h[-1]), 1)`` of the states.
"""
    faulty: ClassVar[str] = """\
import torch
from torch import nn

lstm = nn.LSTM(8, 16, batch_first=True, bidirectional=True)
head = nn.Linear(32, 1)
out, (h, _) = lstm(torch.rand(4, 50, 8))
y = head(out[:, -1])
"""
    fixed: ClassVar[str] = """\
import torch
from torch import nn

lstm = nn.LSTM(8, 16, batch_first=True, bidirectional=True)
head = nn.Linear(32, 1)
out, (h, _) = lstm(torch.rand(4, 50, 8))
y = head(torch.cat((h[-2], h[-1]), 1))
"""
