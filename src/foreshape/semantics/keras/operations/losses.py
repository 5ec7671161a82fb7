"""``keras.ops``: losses per sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import Shape, Value, as_int, as_str
from foreshape.faults.base import Fault
from foreshape.semantics.keras.operations.support import (
    OpenShape,
    differ,
    known,
    like,
    one_axis,
    place,
    promote,
    refused,
    run,
    several,
    text_of,
)
from foreshape.semantics.registry import rule
from foreshape.semantics.tensorflow.support import in_graph, tensor

if TYPE_CHECKING:
    from foreshape.domain.values import Array
    from foreshape.semantics.protocol import Context


def _unlike(target: Array, output: Array, text: str) -> Fault:
    from foreshape.faults.label_shape import LabelShape

    return LabelShape(
        refused(text),
        values=(target, output),
        loss="crossentropy",
        labels=target.shape or (),
        predictions=output.shape or (),
        hint="",
    )


def _other(cx: Context, a: Shape, b: Shape) -> bool:
    """Whether the static shapes differ; in a graph None is not the same as a number."""
    if len(a) != len(b):
        return True
    for one, two in zip(a, b):
        if in_graph(cx) and undefined(one) != undefined(two):
            return True
        if differ(cx, one, two):
            return True
    return False


def _crossentropy(cx: Context, name: str, target: Value, output: Value, axis: Value | None) -> Value:
    def core(inner: Context, wanted: Value, given: Value) -> Value:
        t, a = known(inner, wanted)
        p, b = known(inner, given)
        text = (
            "Arguments `target` and `output` must have the same shape. Received: "
            f"target.shape={text_of(a)}, output.shape={text_of(b)}"
        )
        if _other(inner, a, b):
            raise _unlike(t, p, text)
        if name == "binary":
            return like(p, b, roles=p.roles)
        if not b:
            raise OpenShape("a loss of a number")
        at = -1 if in_graph(inner) else one_axis(inner, axis, -1)
        at = place(inner, "crossentropy", -1 if at is None else at, len(b), p)
        return like(p, (*b[:at], *b[at + 1 :]))

    return run(cx, "crossentropy", core, (target, output))


@rule("keras.ops.binary_crossentropy")
def binary_crossentropy(cx: Context, target: Value, output: Value, from_logits: Value | None = None) -> Value:
    """Element by element."""
    return _crossentropy(cx, "binary", target, output, None)


@rule("keras.ops.categorical_crossentropy")
def categorical_crossentropy(
    cx: Context, target: Value, output: Value, from_logits: Value | None = None, axis: Value | None = None
) -> Value:
    """Without the axis of the classes."""
    return _crossentropy(cx, "categorical", target, output, axis)


@rule("keras.ops.sparse_categorical_crossentropy")
def sparse_categorical_crossentropy(
    cx: Context, target: Value, output: Value, from_logits: Value | None = None, axis: Value | None = None
) -> Value:
    """Without the axis of the classes."""

    def core(inner: Context, wanted: Value, given: Value) -> Value:
        t, a = known(inner, wanted)
        p, b = known(inner, given)
        if not b:
            raise OpenShape("a loss of a number")
        at = place(inner, "crossentropy", one_axis(inner, axis, -1) or 0, len(b), p)
        if len(a) == len(b) and isinstance(a[-1], int) and a[-1] == 1:
            a = a[:-1]
        rest = (*b[:at], *b[at + 1 :])
        if _other(inner, a, rest):
            text = (
                "Arguments `target` and `output` must have the same shape up until the last dimension: "
                f"target.shape={text_of(t.shape or ())}, output.shape={text_of(b)}"
            )
            raise _unlike(t, p, text)
        return like(p, rest)

    return run(cx, "crossentropy", core, (target, output))


@rule("keras.ops.ctc_loss")
def ctc_loss(
    cx: Context, target: Value, output: Value, target_length: Value, output_length: Value,
    mask_index: Value | None = None,
) -> Value:  # fmt: skip
    """One number per sample."""

    def core(inner: Context, *values: Value) -> Value:
        found = [known(inner, value) for value in values]
        (t, a), (p, _) = found[0], found[1]
        if not a:
            raise OpenShape("a target without samples")
        for _, shape in found[1:]:
            if shape and differ(inner, a[0], shape[0]):
                raise OpenShape("another number of samples")
        return tensor((a[0],), promote(p.dtype, "float32"), t, p)

    return run(cx, "ctc_loss", core, (target, output, target_length, output_length))


@rule("keras.ops.ctc_decode")
def ctc_decode(
    cx: Context, inputs: Value, sequence_lengths: Value, strategy: Value | None = None,
    beam_width: Value | None = None, top_paths: Value | None = None, merge_repeated: Value | None = None,
    mask_index: Value | None = None,
) -> Value:  # fmt: skip
    """(paths, batch, steps) and (batch, paths)."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        way = "greedy" if strategy is None else as_str(strategy)
        paths = 1 if way == "greedy" else 1 if top_paths is None else as_int(top_paths)
        if len(shape) != 3 or paths is None or way is None:
            raise OpenShape("how many paths there are is not known")
        made = like(found, (paths, shape[0], shape[1]), "int32")
        return several([made, like(found, (shape[0], paths), promote(found.dtype, "float32"))])

    return run(cx, "ctc_decode", core, (inputs,))
