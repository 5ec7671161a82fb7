"""``padded-last-step``: the last timestep of padded sequences is padding for all but the longest."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class PaddedLastStep(Fault):
    """got: the shape that is indexed. axis: the axis of time. padder: what padded the sequences."""

    name: ClassVar[str] = "padded-last-step"
    summary: ClassVar[str] = "The last timestep of padded sequences is taken without their lengths."

    got: Shape
    axis: int
    padder: str

    page: ClassVar[str] = """\
``pad_sequence`` fills sequences of different lengths up to the longest. Of the others, ``out[:, -1]`` is what the module gives after reading
the padding (zeros, where they were packed). Their own last step is at ``lengths - 1``; a module that reads packed sequences gives it as its
last state.
"""
    faulty: ClassVar[str] = """\
import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence

batch = pad_sequence([torch.rand(12, 3), torch.rand(5, 3)], batch_first=True)
gru = nn.GRU(3, 8, batch_first=True)
out, _ = gru(batch)
last = out[:, -1]
"""
    fixed: ClassVar[str] = """\
import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence

batch = pad_sequence([torch.rand(12, 3), torch.rand(5, 3)], batch_first=True)
gru = nn.GRU(3, 8, batch_first=True)
out, _ = gru(batch)
last = out[torch.arange(2), torch.tensor([12, 5]) - 1]
"""
