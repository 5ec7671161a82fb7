"""What is remembered beside the tensors: gradients, what the backward pass calls, how many elements of a mask are True."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array, Const, Instance, Value
from foreshape.semantics.torch.support import may_require_grad

if TYPE_CHECKING:
    from foreshape.domain.dim import DimLike
    from foreshape.semantics.protocol import Context

KEPT_GRADIENTS: Final = "~kept gradients"
"""The program has called ``retain_grad``, or has set a gradient itself."""
GRADED: Final = "~graded"
"""The state of the library: True after a backward pass, None where gradients may have been taken away since."""
UNFIT: Final = "unfit"
"""What the backward pass raises where it comes to a tensor that has this."""
HOOKS: Final = "~hooks"
"""The state of the library: (function, arguments) of what the next backward pass calls."""


def gradient_like(cx: Context, x: Value) -> Value:
    """The gradient of a tensor: of its shape; None where there is none."""
    if not isinstance(x, Array) or x.kind != "torch":
        return cx.unknown("the gradient of something that is not known")
    if not may_require_grad(x):
        return Const(None)
    return Array("torch", x.shape, x.dtype, roles=x.roles, meta={k: v for k, v in x.meta.items() if k == "device"})


def with_trues(cx: Context, mask: Array, count: DimLike) -> Array:
    """Remember how many elements of this very tensor are not 0: what is written to it makes another one."""
    cx.process["torch mask", id(mask)] = (mask, count)
    return mask


def trues_of(cx: Context, mask: Array) -> DimLike | None:
    """How many elements are not 0, where that was remembered."""
    held = cx.process.get(("torch mask", id(mask)))
    if held is None or held[0] is not mask:
        return None
    found: DimLike = held[1]
    return found


KEEPING: Final = frozenset({
    "exp", "expm1", "exp2", "sigmoid", "expit", "tanh", "tan", "sqrt", "rsqrt", "reciprocal", "relu", "softmax", "log_softmax",
})  # fmt: skip
KEEPING_MODULES: Final = frozenset({
    "torch.nn.ReLU", "torch.nn.Sigmoid", "torch.nn.Tanh", "torch.nn.Softmax", "torch.nn.LogSoftmax",
})  # fmt: skip
"""What needs its own result in the backward pass: a result that is written to is not what it was."""


def keeps_result(x: Array) -> bool:
    """Whether the backward pass needs the very tensor that a function gave."""
    node = x.origin.node if x.origin is not None else None
    if not isinstance(node, ast.Call) or not x.meta.get("requires_grad") or not x.meta.get("grad_fn"):
        return False
    assert x.origin is not None
    modules = [one for one in x.origin.inputs if isinstance(one, Instance)]
    if modules:
        return len(modules) == 1 and modules[0].library_type in KEEPING_MODULES
    return isinstance(node.func, ast.Attribute) and node.func.attr in KEEPING
