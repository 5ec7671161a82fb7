"""``softmax-axis``: a softmax runs over the samples of a batch."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class SoftmaxAxis(Fault):
    """taker: "softmax" or "log_softmax". axis: along which it runs. got: the shape. implicit: no axis was given."""

    name: ClassVar[str] = "softmax-axis"
    summary: ClassVar[str] = "A softmax runs over the first axis: the numbers of different samples share the 1."

    taker: str
    axis: int
    got: Shape
    implicit: bool

    page: ClassVar[str] = """\
A softmax makes numbers that add up to 1 along one axis: that of the classes, or of what is attended to. Along the batch, a sample's
probabilities depend on the other samples. Without ``dim``, PyTorch chooses axis 0 for tensors of three axes (and 1 for two or four).
"""
    faulty: ClassVar[str] = """\
import torch
import torch.nn.functional as F

scores = torch.rand(4, 7, 7)
weights = F.softmax(scores)
"""
    fixed: ClassVar[str] = """\
import torch
import torch.nn.functional as F

scores = torch.rand(4, 7, 7)
weights = F.softmax(scores, dim=-1)
"""
