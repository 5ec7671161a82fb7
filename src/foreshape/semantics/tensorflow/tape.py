"""``tf.GradientTape``: gradients, and what it still holds to compute them from.

Follows ``tensorflow/python/eager/backprop.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents, Run
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    LibraryRef,
    Sequence,
    Unknown,
    Value,
    as_bool,
    as_str,
    is_none,
)
from foreshape.faults.gradient_state import GradientState
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.shared.structure import flatten, mapped
from foreshape.semantics.tensorflow.recording import ENDS, Block, entered, is_discrete, unconnected
from foreshape.semantics.tensorflow.support import failed, tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

library_type("tensorflow.GradientTape")

RECORD = "~record"
"""Where a tape notes whether its operations are still there: "kept" or "spent"; nothing where that is not known."""
BLOCK = "~block"
"""The block that was recorded; None where there are several."""


@rule("tensorflow.GradientTape.__init__")
def tape_init(
    cx: Context, self: Instance, persistent: Value | None = None, watch_accessed_variables: Value | None = None
) -> Value:
    """Settings."""
    cx.set(self, "~persistent", Const(False) if persistent is None else persistent)
    return Const(None)


@rule("tensorflow.GradientTape.__enter__")
def tape_enter(cx: Context, self: Instance) -> Value:
    """The tape, which records from here on."""
    again = as_str(self.fields.get(RECORD)) == "kept"
    cx.set(self, BLOCK, None if again else entered(cx))
    cx.set(self, RECORD, Const("kept"))
    return self


@rule("tensorflow.GradientTape.reset")
def tape_reset(cx: Context, self: Instance) -> Value:
    """Begins again."""
    cx.set(self, BLOCK, None)
    cx.set(self, RECORD, Const("kept"))
    return Const(None)


@rule("tensorflow.GradientTape.__exit__", "tensorflow.GradientTape.watch")
def tape_nothing(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """What changes no shape."""
    return Const(None)


@rule("tensorflow.GradientTape.stop_recording")
def stop_recording(cx: Context, self: Instance) -> Value:
    """A scope."""
    return Instance(LibraryRef("tensorflow.name_scope"))


def _spend(cx: Context, self: Instance, taker: str, result: Value) -> None:
    """Without ``persistent=True`` the first result frees the record. Raises RuntimeError for a second one; ``result`` is what the
    program goes on with then."""
    if as_str(self.fields.get(RECORD)) == "spent":
        message = "A non-persistent GradientTape can only be used to compute one set of gradients (or jacobians)"
        raise GradientState(failed("RuntimeError", message), values=(self,), recover=result, taker=taker, state="spent")
    if as_bool(self.fields.get("~persistent")) is False:
        cx.set(self, RECORD, Const("spent"))


@rule("tensorflow.GradientTape.gradient")
def gradient(
    cx: Context,
    self: Instance,
    target: Value,
    sources: Value,
    output_gradients: Value | None = None,
    unconnected_gradients: Value | None = None,
) -> Value:
    """One gradient per source, of its shape; None where the target or the source is of integers."""
    targets = flatten(target)
    none = unconnected_gradients is None or is_none(unconnected_gradients)
    constant = bool(targets) and all(_has_no_gradient(each) for each in targets)
    block, ends = self.fields.get(BLOCK), None
    if isinstance(block, Block) and targets and not isinstance(sources, Unknown) and not constant:
        ends = unconnected(cx, block, targets, flatten(sources))
        constant = ends is not None

    def one(leaf: Value) -> Value:
        if not isinstance(leaf, Array):
            return cx.unknown("the gradient of something that is not a tensor")
        if none and (constant or _has_no_gradient(leaf)):
            missing = Const(None)
            if ends:
                cx.process[ENDS, id(missing)] = missing, tuple(ends)
            return missing
        made = Array("tensorflow", leaf.shape, leaf.dtype)
        made.tainted = leaf.tainted or target.tainted
        return made

    found = sources if isinstance(sources, Unknown) else mapped(one, sources)
    _spend(cx, self, "gradient", found)
    if is_none(target):
        message = (
            "Argument `target` should be a list or nested structure of Tensors, Variables or CompositeTensors to be "
            "differentiated, but received None."
        )
        raise _outside("TypeError", message, target, found)
    for each in (*targets, *flatten(sources)):
        if isinstance(each, Const) and isinstance(each.value, (int, float)):
            owner = type(each.value).__name__
            raise _outside("AttributeError", f"'{owner}' object has no attribute 'dtype'", each, found)
        if isinstance(each, Array) and each.kind == "numpy":
            owner = f"numpy.{each.dtype}" if each.shape == () else "numpy.ndarray"
            raise _outside("AttributeError", f"'{owner}' object has no attribute '_id'", each, found)
    return found


def _has_no_gradient(value: Value) -> bool:
    return isinstance(value, Array) and value.kind == "tensorflow" and is_discrete(value)


def _outside(exception: str, message: str, value: Value, result: Value) -> GradientState:
    """The fault for a value that no tape has seen."""
    return GradientState(failed(exception, message), values=(value,), recover=result, taker="gradient", state="outside")


@rule("tensorflow.GradientTape.jacobian")
def jacobian(cx: Context, self: Instance, target: Value, sources: Value, *args: Value, **kwargs: Value) -> Value:
    """The shape of the target, then that of the source."""

    def one(leaf: Value) -> Value:
        if (
            isinstance(leaf, Array)
            and isinstance(target, Array)
            and leaf.shape is not None
            and target.shape is not None
        ):
            return tensor((*target.shape, *leaf.shape), target.dtype, leaf, target)
        return cx.unknown("a jacobian")

    found = mapped(one, sources)
    _spend(cx, self, "jacobian", found)
    return found


@rule("tensorflow.GradientTape.batch_jacobian")
def batch_jacobian(cx: Context, self: Instance, target: Value, source: Value, *args: Value, **kwargs: Value) -> Value:
    """The shape of the target, then that of the source without its batch."""
    found: Value = cx.unknown("a jacobian")
    if isinstance(source, Array) and isinstance(target, Array) and source.shape and target.shape:
        found = tensor((*target.shape, *source.shape[1:]), target.dtype, source, target)
    _spend(cx, self, "batch_jacobian", found)
    return found


@rule("tensorflow.GradientTape.watched_variables")
def watched(cx: Context, self: Instance) -> Value:
    """Variables."""
    return Sequence("tuple", Contents((Run(cx.fresh(lo=0), cx.unknown("a variable")),)))
