"""``Lambda``: a function of the program as a layer.

Follows ``keras/src/layers/core/lambda_layer.py`` and the ``tf_keras`` one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Const, DictValue, Instance, Sequence, Value, is_none
from foreshape.faults.base import Fault
from foreshape.semantics.keras.base import (
    compute_dtype,
    error,
    flatten_structure,
    init_layer,
    output,
    shape_of,
    shape_value,
)
from foreshape.semantics.keras.config import invalid, type_text
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.shared.structure import mapped

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

library_type("keras.layers.Lambda", "keras.Layer")


@rule("keras.layers.Lambda.__init__")
def lambda_init(
    cx: Context, self: Instance, function: Value, output_shape: Value | None = None, mask: Value | None = None,
    arguments: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """A function of the program as a layer."""
    if isinstance(function, Const) and isinstance(function.value, str):
        raise invalid(cx, "TypeError", "unsupported callable", "function", function)
    init_layer(cx, self, kwargs)
    cx.set(self, "function", function)
    cx.set(self, "~arguments", arguments)
    cx.set(self, "~output_shape", output_shape)
    if mask is not None and not is_none(mask):
        cx.set(self, "supports_masking", Const(True))


@rule("keras.layers.Lambda.call")
def lambda_call(
    cx: Context, self: Instance, inputs: Value, mask: Value | None = None, training: Value | None = None
) -> Value:
    """Whatever the function gives."""
    given = self.fields.get("~arguments")
    named = {}
    if isinstance(given, DictValue):
        named = {str(key): value for key, value in given.entries.items()}
    return cx.call(self.fields["function"], (inputs,), named)


@rule("keras.layers.Lambda.compute_output_spec", since="3")
def lambda_spec(
    cx: Context, self: Instance, inputs: Value, mask: Value | None = None, training: Value | None = None
) -> Value:
    """On symbolic tensors only shapes count: those that are declared, else those that the function gives.

    The dtype is the one in which the layer computes, whatever the function makes of it. An error in the function
    becomes a NotImplementedError, and its own message is lost.
    """
    declared = self.fields.get("~output_shape")
    if isinstance(declared, Value) and not is_none(declared):
        return _declared_output(cx, self, inputs, declared)
    instead = error(
        cx,
        "NotImplementedError",
        "We could not automatically infer the shape of the Lambda's output. Please specify the "
        "`output_shape` argument for this Lambda layer.",
    )
    dtype = compute_dtype(self)
    fed = mapped(lambda leaf: _in_dtype(leaf, dtype), inputs)
    try:
        with cx.opaque(instead):
            made = lambda_call(cx, self, fed, mask, training)
    except Fault as fault:
        if fault.raises is not None:
            fault.raises = instead
        raise
    return mapped(lambda leaf: _in_dtype(leaf, dtype), made)


def _in_dtype(leaf: Value, dtype: str | None) -> Value:
    if not isinstance(leaf, Array) or leaf.dtype == dtype:
        return leaf
    made = leaf.replace(dtype=dtype, data=None)
    made.origin, made.tainted = leaf.origin, leaf.tainted
    return made


def _declared_output(cx: Context, self: Instance, inputs: Value, declared: Value) -> Value:
    """``output_shape``: without the batch axis, or a function of the input's shape."""
    leaves = flatten_structure(inputs)
    first = leaves[0] if leaves else None
    if isinstance(declared, (Sequence, Const)):
        shape = shape_of(cx, declared) if isinstance(declared, Sequence) and declared.kind == "tuple" else None
        if isinstance(declared, Const) or (isinstance(declared, Sequence) and declared.kind == "list"):
            kind = type_text(declared)[8:-2] if isinstance(declared, Const) else "TrackedList"
            text = f'can only concatenate tuple (not "{kind}") to tuple'
            raise invalid(cx, "TypeError", text, "output_shape", declared)
        batch = first.shape[:1] if isinstance(first, Array) and first.shape else None
        return output(cx, self, inputs, None if shape is None or batch is None else (*batch, *shape))
    given = mapped(lambda leaf: shape_value(leaf.shape if isinstance(leaf, Array) else None), inputs)
    return output(cx, self, inputs, shape_of(cx, cx.call(declared, (given,))))
