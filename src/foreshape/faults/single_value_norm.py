"""``single-value-norm``: a normalization in training computes its statistics from a single value per channel."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class SingleValueNorm(Fault):
    """taker: the layer as people call it ("BatchNorm1d"). count: how many values there are per channel. shape: what arrived."""

    name: ClassVar[str] = "single-value-norm"
    summary: ClassVar[str] = "A normalization in training gets a single value per channel."

    taker: str
    count: DimLike
    shape: Shape

    page: ClassVar[str] = """\
In training, ``BatchNorm`` computes a mean and a variance per channel over the batch and all positions. From one value there is no
variance: a batch of one sample, or the last batch with one sample left over, cannot be normalized. In ``eval()`` mode the
running statistics are used instead; ``DataLoader(drop_last=True)`` leaves a short last batch out.
"""
    faulty: ClassVar[str] = """\
import torch
from torch import nn

model = nn.Sequential(nn.Linear(10, 4), nn.BatchNorm1d(4))
model(torch.randn(1, 10))
"""
    fixed: ClassVar[str] = """\
import torch
from torch import nn

model = nn.Sequential(nn.Linear(10, 4), nn.BatchNorm1d(4))
model(torch.randn(8, 10))
"""
