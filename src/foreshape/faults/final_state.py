"""``final-state``: what is taken as the end of a recurrent module is another layer, or one direction of it."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class FinalState(Fault):
    """what: "lower-layer" (a layer below the last one), "one-direction" (half of the last layer) or "no-directions" (two
    layers joined as if they were directions). index: as it is written. depth and directions: of the module. got: the shape that is indexed."""

    name: ClassVar[str] = "final-state"
    summary: ClassVar[str] = "What is taken as the end of a recurrent module is not all of it, or another layer's."

    what: str
    index: tuple[int, ...]
    depth: int
    directions: int
    got: Shape

    page: ClassVar[str] = """\
The states of a recurrent module are (layers * directions, batch, features): the first layer stands first, and each layer has its forward
direction before its backward one. So ``h[-1]`` is the last layer; with ``bidirectional=True`` the last layer is ``h[-2]`` and ``h[-1]``
together.
"""
    faulty: ClassVar[str] = """\
import torch
from torch import nn

lstm = nn.LSTM(8, 16, num_layers=2, batch_first=True)
head = nn.Linear(16, 1)
_, (h, _) = lstm(torch.rand(4, 50, 8))
y = head(h[0])
"""
    fixed: ClassVar[str] = """\
import torch
from torch import nn

lstm = nn.LSTM(8, 16, num_layers=2, batch_first=True)
head = nn.Linear(16, 1)
_, (h, _) = lstm(torch.rand(4, 50, 8))
y = head(h[-1])
"""
