"""Words that the messages of PyTorch need: axes, shapes and the exceptions that carry them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

RUNTIME: Final = ("RuntimeError", "TorchRuntimeError", "ValueError")
"""PyTorch's own, torch.compile's, and Keras' when it runs on PyTorch."""
VALUE: Final = ("ValueError", "RuntimeError", "TorchRuntimeError")
INDEX: Final = ("IndexError", "RuntimeError", "TorchRuntimeError", "ValueError")
ASSERTION: Final = ("AssertionError", "RuntimeError", "ValueError")
TYPE: Final = ("TypeError", "RuntimeError")

T: Final = "import torch\n"
N: Final = "import torch\nfrom torch import nn\n"
F: Final = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n"

SIZES: Final = r"\[[-\d, ]*\]"
"""A shape as PyTorch's C++ prints it."""
IMAGES: Final = {
    1: "(batch, channels, length)",
    2: "(batch, channels, height, width)",
    3: "(batch, channels, depth, height, width)",
}


def images(axes: int) -> str:
    """What the axes of a batch of that many axes are: 4 is "(batch, channels, height, width)"."""
    return IMAGES.get(axes - 2, "(batch, channels, ...)")


def without_batch(axes: int) -> str:
    """What the axes of a single sample are, where a batch has one more: 4 is "(channels, height, width)"."""
    return images(axes).replace("batch, ", "")


def product(sizes: Sequence[int]) -> int:
    """How many numbers a shape holds."""
    count = 1
    for size in sizes:
        count *= size
    return count
