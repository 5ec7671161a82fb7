"""``device-mismatch``: tensors on different devices meet."""

from __future__ import annotations

from typing import ClassVar

from foreshape.faults.base import Fault


class DeviceMismatch(Fault):
    """taker: the operation. devices: where its tensors are."""

    name: ClassVar[str] = "device-mismatch"
    summary: ClassVar[str] = "Tensors on different devices meet in one operation."

    taker: str
    devices: tuple[str, ...]

    page: ClassVar[str] = """\
An operation runs where its tensors are, and they all have to be in one place. A model that was moved with ``.to(device)`` does not
move the data: each batch has to be moved too, and so does whatever is made inside of ``forward``.
"""
    faulty: ClassVar[str] = """\
import torch

weights = torch.ones(3, device="meta")
x = torch.rand(4, 3)
y = x * weights
"""
    fixed: ClassVar[str] = """\
import torch

weights = torch.ones(3, device="meta")
x = torch.rand(4, 3, device="meta")
y = x * weights
"""
