"""``argmax-axis``: the largest score is looked for over the samples of a batch, and compared with the labels."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class ArgmaxAxis(Fault):
    """taker: "argmax" or "max". got: the shape that it is taken of."""

    name: ClassVar[str] = "argmax-axis"
    summary: ClassVar[str] = (
        "The largest score is taken over the samples: what is compared with the labels is no prediction."
    )

    taker: str
    got: Shape

    page: ClassVar[str] = """\
Scores are (batch, classes): along axis 1, ``argmax`` gives the class of each sample. Along axis 0 it gives, for each class, the sample
that has the largest score. Where there are as many samples as classes, that can be compared with the labels, and nothing raises.
"""
    faulty: ClassVar[str] = """\
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

model = nn.Linear(20, 10)
loader = DataLoader(TensorDataset(torch.rand(60, 20), torch.randint(0, 10, (60,))), batch_size=10)
for x, y in loader:
    right = (model(x).argmax(0) == y).sum()
"""
    fixed: ClassVar[str] = """\
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

model = nn.Linear(20, 10)
loader = DataLoader(TensorDataset(torch.rand(60, 20), torch.randint(0, 10, (60,))), batch_size=10)
for x, y in loader:
    right = (model(x).argmax(1) == y).sum()
"""
