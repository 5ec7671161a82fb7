"""Functions that do the same to every tensor of a list: what optimizers and averages of weights are written with.

Source: ``aten/src/ATen/native/native_functions.yaml``, ``_foreach_*``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.contents import Contents, Run
from foreshape.domain.values import Array, Sequence, Value
from foreshape.semantics.registry import rule
from foreshape.semantics.torch.support import without_values

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

SAME: Final = (
    "abs", "acos", "add", "addcdiv", "addcmul", "asin", "atan", "ceil", "clamp_max", "clamp_min", "clone", "cos",
    "cosh", "div", "erf", "erfc", "exp", "expm1", "floor", "frac", "lerp", "lgamma", "log", "log10", "log1p",
    "log2", "maximum", "minimum", "mul", "neg", "pow", "reciprocal", "round", "rsqrt", "sigmoid", "sign", "sin",
    "sinh", "sqrt", "sub", "tan", "tanh", "trunc",
)  # fmt: skip
IN_PLACE: Final = (*(name for name in SAME if name != "clone"), "copy", "zero")


def _each(cx: Context, values: Value, change: Any) -> Value:
    """A tuple of what becomes of each tensor."""
    if not isinstance(values, Sequence):
        return cx.unknown("which tensors these are is not known")

    def one(value: Value) -> Value:
        return change(value) if isinstance(value, Array) else cx.unknown("it is not known to be a tensor")

    made = [
        Run(part.length, one(part.element), part.index) if isinstance(part, Run) else one(part)
        for part in values.contents.segments
    ]
    return Sequence("tuple", Contents(tuple(made)))


@rule(*(f"torch._foreach_{name}" for name in SAME))
def same_shapes(cx: Context, self: Value, *args: Value, **kwargs: Value) -> Value:
    """One tensor of the same shape for each."""
    return _each(cx, self, without_values)


@rule(*(f"torch._foreach_{name}_" for name in IN_PLACE))
def in_place(cx: Context, self: Value, *args: Value, **kwargs: Value) -> Value:
    """The same list. Every tensor keeps its shape; what it holds is not known any more."""
    items = self.contents.items(64) if isinstance(self, Sequence) else None
    for item in items or ():
        if isinstance(item, Array):
            cx.rebind(item, without_values(item))
    return self


@rule("torch._foreach_norm", "torch._foreach_max", "torch._foreach_powsum")
def to_numbers(cx: Context, self: Value, *args: Value, **kwargs: Value) -> Value:
    """A tensor without axes for each."""
    return _each(cx, self, lambda tensor: without_values(tensor).replace(shape=()))
