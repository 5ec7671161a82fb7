"""PyTorch, imported once by a process whose forked children run the programs."""

from __future__ import annotations

import importlib
from typing import Any


def load_torch() -> Any:
    """The module ``torch`` with one thread and with what it imports late already there.

    Call it before TensorFlow is imported: the first optimizer imports half of torch, triton among it where the build has
    it, and triton's LLVM crashes a child in which TensorFlow's came first.
    """
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))])
    return torch
