"""``gradient-state``: an operation does not fit what is recorded for gradients."""

from __future__ import annotations

from typing import ClassVar

from foreshape.faults.base import Fault


class GradientState(Fault):
    """taker: the operation. state: "none" (nothing was recorded), "freed" (the record was used up), "recorded" (it is, and the
    operation would leave it behind), "asked" (of a tensor that requires none), "modified" (what is needed was changed in
    place), "leaf" (a parameter would be changed in place), "spent" (a tape gave its gradients already), "outside" (a tape is asked
    about what is no tensor) "empty" (an optimizer is given no gradient at all) or "cut" (a loss leads back to no
    output of the model)."""

    name: ClassVar[str] = "gradient-state"
    summary: ClassVar[str] = "An operation does not fit what is recorded for gradients."

    taker: str
    state: str

    page: ClassVar[str] = """\
What is computed from tensors with ``requires_grad=True``, such as the parameters of a module, is recorded; ``backward()`` goes back
through that record and frees it. So ``backward()`` needs a record that is still there, ``.numpy()`` only takes tensors without one
(``x.detach().numpy()``), and a parameter is changed in place under ``torch.no_grad()`` only.

A ``tf.GradientTape`` records what TensorFlow computes from variables inside of its block. It gives one set of gradients, unless it
is made with ``persistent=True``; NumPy, Python's numbers and integers such as those of ``tf.argmax`` end the record.
"""
    faulty: ClassVar[str] = """\
import torch

model = torch.nn.Linear(3, 1)
y = model(torch.rand(8, 3))
values = y.numpy()
"""
    fixed: ClassVar[str] = """\
import torch

model = torch.nn.Linear(3, 1)
y = model(torch.rand(8, 3))
values = y.detach().numpy()
"""
