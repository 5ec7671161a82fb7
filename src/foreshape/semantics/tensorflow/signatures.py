"""``tf.function(input_signature=[...])``: what a call gives is held against the specs before anything runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import Array, Function, Instance, Value
from foreshape.faults.declared_shape import DeclaredShape
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.support import failed, may_be, tuple_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foreshape.semantics.protocol import Context


def remember(cx: Context, function: Function, signature: Value | None) -> None:
    """Keep what a function takes. It is the traced function that has a signature: there may be another of the same code."""
    contents = None if signature is None else cx.iterate(signature)
    items = None if contents is None else contents.items(limit=64)
    if items is not None:
        cx.set(cx.state("tensorflow"), ("signature", id(function)), (function, tuple(items)))


def bind(cx: Context, function: Value, args: Sequence[Value]) -> None:
    """Raise the TypeError of a tensor that cannot be one of the declared shape."""
    if not isinstance(function, Function):
        return
    kept = cx.state("tensorflow").fields.get(("signature", id(function)))
    if kept is None:
        return
    specs = kept[1]
    given = list(args)
    if len(given) == len(specs) + 1 and isinstance(given[0], Instance):
        given = given[1:]  # a method: the signature leaves the object out
    for value, spec in zip(given, specs):
        if not isinstance(spec, Instance) or spec.library_type != "tensorflow.TensorSpec":
            continue
        declared = spec.fields.get("~shape")
        found = as_tensor(cx, value) if isinstance(value, Array) else None
        if found is None or found.shape is None or declared is None or found.tainted:
            continue
        if may_be(cx, found.shape, declared):
            continue
        message = (
            f"Binding inputs to tf.function failed due to `Can not cast TensorSpec(shape={tuple_text(found.shape)}, "
            f"dtype=tf.{found.dtype}, name=None) to TensorSpec(shape={tuple_text(declared)})`."
        )
        sizes = tuple(None if undefined(size) else size for size in declared)
        raise DeclaredShape(
            failed("TypeError", message), values=(value,), model="input_signature", declared=sizes, got=found.shape
        )
