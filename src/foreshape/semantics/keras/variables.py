"""Variables of Keras 3 (``keras.Variable``, what ``add_weight`` gives): they convert what they are given and promote dtypes,
where those of TensorFlow refuse.

Follows ``keras/src/backend/common/variables.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array, Const, Value, as_bool, as_str
from foreshape.faults.weights_shape import WeightsShape
from foreshape.semantics.keras.base import dims_text, error, is_keras3
from foreshape.semantics.keras.operations.elementwise import OPERATORS, binary
from foreshape.semantics.keras.operations.support import OpenShape
from foreshape.semantics.registry import rule
from foreshape.semantics.tensorflow.convert import as_tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

PROMOTED: Final = frozenset(OPERATORS.values()) - {"maximum", "minimum", "==", "!="}
"""Operators that are functions of ``keras.ops``."""


def promoting(cx: Context, self: Value, operator: Value, other: Value, reflected: Value) -> Value | None:
    """``+`` and its like where a tensor of Keras takes part: dtypes are promoted. None for what is none of these."""
    word = as_str(operator)
    if word not in PROMOTED or not is_keras3(cx):
        return None
    left, right = (other, self) if as_bool(reflected) else (self, other)
    left, right = _as_tensor(left), _as_tensor(right)
    try:
        return binary(cx, word or "", left, right)
    except OpenShape as open_shape:
        made = cx.unknown(open_shape.why)
        made.tainted = left.tainted or right.tainted
        return made


def _as_tensor(value: Value) -> Value:
    """What a variable holds."""
    if not isinstance(value, Array) or "keras" not in value.meta:
        return value
    made = value.replace(meta={})
    made.origin = value.origin
    return made


@rule("keras.Variable.assign", "keras.Variable.assign_add", "keras.Variable.assign_sub", since="3")
def assign(cx: Context, self: Array, value: Value, operator: Value | None = None) -> Value:
    """Takes any dtype. ValueError of another shape; what is added is broadcast first."""
    if operator is not None:
        value = promoting(cx, self, operator, value, Const(False)) or cx.unknown("what is assigned")
    other = as_tensor(cx, value, self.dtype)
    if other is None or other.shape is None or self.shape is None:
        return self
    if len(other.shape) == len(self.shape) and all(cx.equal(a, b) for a, b in zip(other.shape, self.shape)):
        return self
    message = (
        "The shape of the target variable and the shape of the target value in `variable.assign(value)` must match. "
        f"variable.shape={dims_text(self.shape)}, Received: value.shape={dims_text(other.shape)}. Target variable: "
        f"<Variable path=variable, shape={dims_text(self.shape)}, dtype={self.dtype}>"
    )
    raise WeightsShape(
        error(cx, "ValueError", message), values=(other, self), recover=self, layer="Variable", needs=self.shape,
        got=other.shape,
    )  # fmt: skip
