"""Control flow of graphs: ``while_loop``, ``cond``, ``map_fn``, ``scan``; and ``TensorArray``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foreshape.domain.join import join
from foreshape.domain.values import Array, Const, Instance, Sequence, Unknown, Value, as_int, is_none
from foreshape.semantics.registry import rule
from foreshape.semantics.shared.structure import as_tuple, flatten, mapped
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.declare import op
from foreshape.semantics.tensorflow.runtime import CALLABLE, settled
from foreshape.semantics.tensorflow.staging import check_entering
from foreshape.semantics.tensorflow.support import (
    dtype_of,
    failed,
    given,
    in_graph,
    invalid,
    shape_argument,
    tensor,
    unknown_tensor,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def _rows(cx: Context, elems: Value) -> tuple[Value, Any] | None:
    """One element of stacked tensors, and how many there are."""
    sizes: list[Any] = []

    def one(leaf: Value) -> Value:
        x = as_tensor(cx, leaf)
        if x is None or not x.shape:
            return cx.unknown("not a tensor of rows")
        sizes.append(x.shape[0])
        return tensor(x.shape[1:], x.dtype, x, lo=x.lo, hi=x.hi)

    leaves = flatten(elems)
    if leaves and all(isinstance(leaf, Const) and isinstance(leaf.value, (int, float)) for leaf in leaves):
        message = "Elements in elems must be 1+ dimensional Tensors, not scalars"
        raise invalid(failed("ValueError", message), "elems", cx.text(elems), elems)
    if (
        isinstance(elems, Sequence)
        and elems.kind == "list"
        and not any(isinstance(item, Array) for item in elems.contents.distinct())
    ):
        found = as_tensor(cx, elems)
        elems = elems if found is None else found
    made = mapped(one, elems)
    return (made, sizes[0]) if sizes else None


def _inside(cx: Context, function: Value, args: tuple[Value, ...]) -> Value:
    return cx.call(function, args, {})


@op("tensorflow.map_fn", "tensorflow.vectorized_map")
def map_fn(
    cx: Context,
    fn: Value,
    elems: Value,
    dtype: Value | None = None,
    parallel_iterations: Value | None = None,
    back_prop: Value | None = None,
    swap_memory: Value | None = None,
    infer_shape: Value | None = None,
    name: Value | None = None,
    fn_output_signature: Value | None = None,
    fallback_to_while_loop: Value | None = None,
    warn: Value | None = None,
) -> Value:
    """A function of each row, stacked."""
    rows = _rows(cx, elems)
    if rows is None:
        return unknown_tensor(cx, elems)
    element, size = rows
    made = _inside(cx, fn, (element,))
    wanted = fn_output_signature if given(fn_output_signature) else dtype

    def one(leaf: Value) -> Value:
        x = as_tensor(cx, leaf) if not isinstance(leaf, Unknown) else None
        if x is None or x.shape is None:
            return unknown_tensor(cx, leaf)
        return tensor((size, *x.shape), x.dtype, x)

    if given(wanted) and isinstance(wanted, Instance) and wanted.library_type == "tensorflow.RaggedTensorSpec":
        return cx.unknown("ragged results")
    return made if isinstance(made, Unknown) else mapped(one, made)


@op("tensorflow.scan")
def scan(
    cx: Context, fn: Value, elems: Value, initializer: Value | None = None, *args: Value, **kwargs: Value
) -> Value:
    """The running results, stacked."""
    rows = _rows(cx, elems)
    if rows is None:
        return unknown_tensor(cx, elems)
    element, size = rows
    start = initializer if given(initializer) else element
    assert start is not None
    made = _inside(cx, fn, (start, element))

    def one(leaf: Value) -> Value:
        x = as_tensor(cx, leaf) if not isinstance(leaf, Unknown) else None
        return unknown_tensor(cx, leaf) if x is None or x.shape is None else tensor((size, *x.shape), x.dtype, x)

    return made if isinstance(made, Unknown) else mapped(one, made)


@op("tensorflow.foldl", "tensorflow.foldr")
def foldl(
    cx: Context, fn: Value, elems: Value, initializer: Value | None = None, *args: Value, **kwargs: Value
) -> Value:
    """The last running result."""
    rows = _rows(cx, elems)
    if rows is None:
        return unknown_tensor(cx, elems)
    start = initializer if given(initializer) else rows[0]
    assert start is not None
    return _inside(cx, fn, (start, rows[0]))


@op("tensorflow.while_loop", lift=False)
def while_loop(
    cx: Context,
    cond: Value,
    body: Value,
    loop_vars: Value,
    shape_invariants: Value | None = None,
    parallel_iterations: Value | None = None,
    back_prop: Value | None = None,
    swap_memory: Value | None = None,
    maximum_iterations: Value | None = None,
    name: Value | None = None,
) -> Value:
    """The variables keep their shapes; the body is followed once."""
    contents = cx.iterate(loop_vars)
    items = None if contents is None else contents.items(limit=64)
    if items is None:
        return cx.unknown("the variables of the loop are not known")
    started: list[Value] = []
    for item in items:
        found = as_tensor(cx, item) if not isinstance(item, (Sequence, Instance, Unknown)) else None
        started.append(item if found is None else found.replace(data=None, lo=None, hi=None))
    cx.call(cond, started, {})
    made = cx.call(body, started, {})
    after = cx.iterate(made) if isinstance(made, Sequence) else None
    results = (made,) if after is None else after.items(limit=64) or ()
    if len(results) != len(started):
        return cx.unknown("the variables of the loop are not known")
    if shape_invariants is None or is_none(shape_invariants):
        for item, a, b in zip(items, started, results):
            check_entering(cx, cx.text(item), a, b)
    return as_tuple([_kept(cx, a, b) for a, b in zip(started, results)])


def _kept(cx: Context, before: Value, after: Value) -> Value:
    if isinstance(before, Array) and isinstance(after, Array):
        if before.shape is None or after.shape is None or len(before.shape) != len(after.shape):
            return tensor(before.shape if before.shape == after.shape else None, before.dtype, before)
        shape = tuple(a if a == b else cx.fresh(lo=0) for a, b in zip(before.shape, after.shape))
        return tensor(shape, before.dtype, before, after)
    return join(before, after) if not isinstance(before, Unknown) else before


def _either(cx: Context, sides: list[Value]) -> Value:
    made: Value = sides[0]
    for other in sides[1:]:
        made = join(made, other)
    return made


@rule("tensorflow.cond")
def cond(
    cx: Context, pred: Value, true_fn: Value | None = None, false_fn: Value | None = None, name: Value | None = None
) -> Value:
    """One of two."""
    sides = [cx.call(side, (), {}) for side in (true_fn, false_fn) if side is not None]
    sides = [settled(cx, side, nested=True) for side in sides]
    return _either(cx, sides) if sides else cx.unknown("no branch")


@rule("tensorflow.switch_case")
def switch_case(
    cx: Context, branch_index: Value, branch_fns: Value, default: Value | None = None, name: Value | None = None
) -> Value:
    """One of several."""
    contents = cx.iterate(branch_fns)
    items = None if contents is None else contents.items(limit=64)
    if not items or not all(isinstance(item, CALLABLE) for item in items):
        return cx.unknown("the branches are not known")
    return _either(cx, [settled(cx, cx.call(item, (), {}), nested=True) for item in items])


@rule("tensorflow.case")
def case(cx: Context, pred_fn_pairs: Value, default: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """One of several."""
    contents = cx.iterate(pred_fn_pairs)
    items = None if contents is None else contents.items(limit=64)
    sides: list[Value] = []
    for item in items or ():
        pair = cx.iterate(item)
        parts = None if pair is None else pair.items(limit=2)
        if parts is None or len(parts) != 2:
            return cx.unknown("the branches are not known")
        sides.append(settled(cx, cx.call(parts[1], (), {}), nested=True))
    if given(default) and default is not None:
        sides.append(settled(cx, cx.call(default, (), {}), nested=True))
    return _either(cx, sides) if sides else cx.unknown("no branch")


# -- TensorArray -----------------------------------------------------------------------------------------------------


def _array(self: Instance, **changes: Any) -> Instance:
    held: dict[Any, Any] = dict(self.fields)
    held.update(changes)
    return Instance(self.cls, held)


@rule("tensorflow.TensorArray.__init__")
def array_init(
    cx: Context,
    self: Instance,
    dtype: Value,
    size: Value | None = None,
    dynamic_size: Value | None = None,
    clear_after_read: Value | None = None,
    tensor_array_name: Value | None = None,
    handle: Value | None = None,
    flow: Value | None = None,
    infer_shape: Value | None = None,
    element_shape: Value | None = None,
    colocate_with_first_write_call: Value | None = None,
    name: Value | None = None,
) -> Value:
    """An array of tensors that are written one by one."""
    cx.set(self, "~dtype", dtype_of(dtype))
    grows = isinstance(dynamic_size, Const) and bool(dynamic_size.value)
    cx.set(self, "~size", None if grows else cx.dim(size) if given(size) else 0)
    cx.set(self, "~grows", grows)
    cx.set(self, "~written", 0)
    cx.set(self, "~shape_of_one", shape_argument(cx, element_shape) if given(element_shape) else None)
    return Const(None)


@rule("tensorflow.TensorArray.write")
def array_write(cx: Context, self: Instance, index: Value, value: Value, name: Value | None = None) -> Value:
    """The array with one more element."""
    x = as_tensor(cx, value)
    written = self.fields.get("~written")
    place = as_int(index)
    count = max(written, place + 1) if isinstance(written, int) and place is not None else None
    return _array(self, **{"~shape_of_one": None if x is None else x.shape, "~written": count})


@rule("tensorflow.TensorArray.unstack", "tensorflow.TensorArray.scatter")
def array_unstack(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """The rows of a tensor as elements."""
    value = kwargs.get("value", args[-1] if args else None)
    x = None if value is None else as_tensor(cx, value)
    if x is None or not x.shape:
        return _array(self, **{"~shape_of_one": None, "~size": None, "~written": None})
    return _array(self, **{"~shape_of_one": x.shape[1:], "~size": x.shape[0], "~written": None})


@rule("tensorflow.TensorArray.read")
def array_read(cx: Context, self: Instance, index: Value, name: Value | None = None) -> Value:
    """One element."""
    return Array("tensorflow", self.fields.get("~shape_of_one"), self.fields.get("~dtype"))


def _count(cx: Context, self: Instance) -> Any:
    size = self.fields.get("~size")
    if size is not None:
        return size
    written = self.fields.get("~written")
    return (
        written
        if isinstance(written, int) and written and not in_graph(cx)
        else cx.fresh(lo=0, keras_none=in_graph(cx))
    )


@rule("tensorflow.TensorArray.stack", "tensorflow.TensorArray.gather")
def array_stack(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """All elements as one tensor."""
    shape = self.fields.get("~shape_of_one")
    size = cx.fresh(lo=0) if args and isinstance(args[0], (Array, Sequence)) else _count(cx, self)
    return Array("tensorflow", None if shape is None else (size, *shape), self.fields.get("~dtype"))


@rule("tensorflow.TensorArray.concat")
def array_concat(cx: Context, self: Instance, name: Value | None = None) -> Value:
    """All elements one after the other."""
    shape = self.fields.get("~shape_of_one")
    made = None if not shape else (_count(cx, self) * shape[0], *shape[1:])
    return Array("tensorflow", made, self.fields.get("~dtype"))


@rule("tensorflow.TensorArray.size")
def array_size(cx: Context, self: Instance, name: Value | None = None) -> Value:
    """How many."""
    return Array("tensorflow", (), "int32", lo=0)


@rule("tensorflow.TensorArray.identity", "tensorflow.TensorArray.mark_used", "tensorflow.TensorArray.close")
def array_same(cx: Context, self: Instance) -> Value:
    """The same array."""
    return self
