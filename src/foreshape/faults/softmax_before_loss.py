"""``softmax-before-loss``: a loss that takes scores is given probabilities, or the other way round."""

from __future__ import annotations

from typing import ClassVar

from foreshape.faults.base import Fault


class SoftmaxBeforeLoss(Fault):
    """loss: its name. given: what made its input ("softmax", "sigmoid"). wants: "scores" or "log-probabilities"."""

    name: ClassVar[str] = "softmax-before-loss"
    summary: ClassVar[str] = "A loss that takes scores or log-probabilities is given probabilities."

    loss: str
    given: str
    wants: str

    page: ClassVar[str] = """\
``CrossEntropyLoss`` takes the scores (logits) and applies a logarithmic softmax itself; ``BCEWithLogitsLoss`` applies the sigmoid.
``NLLLoss`` wants log-probabilities, of ``log_softmax``. Given probabilities, they compute something: the loss has a floor well above 0 and
its gradients are small.
"""
    faulty: ClassVar[str] = """\
import torch
from torch import nn

model = nn.Sequential(nn.Linear(20, 5), nn.Softmax(dim=1))
loss = nn.CrossEntropyLoss()(model(torch.rand(16, 20)), torch.randint(5, (16,)))
"""
    fixed: ClassVar[str] = """\
import torch
from torch import nn

model = nn.Sequential(nn.Linear(20, 5))
loss = nn.CrossEntropyLoss()(model(torch.rand(16, 20)), torch.randint(5, (16,)))
"""
