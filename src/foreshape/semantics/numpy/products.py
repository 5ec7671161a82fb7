"""Products of matrices and of their axes: matmul, dot, inner, outer, tensordot, einsum, kron, cross."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.values import Array, Const, Sequence, Shape, Unknown, Value, as_int, as_str
from foreshape.faults.base import Fault, Raises
from foreshape.semantics.numpy.array_from import as_array
from foreshape.semantics.numpy.dtypes import common_dtype, dtype_argument, kind_of, operand
from foreshape.semantics.numpy.support import (
    axes_argument,
    axis_of,
    given,
    invalid,
    made,
    resolved,
    shape_text,
)
from foreshape.semantics.registry import rule
from foreshape.semantics.shared import matmul as formulas
from foreshape.semantics.shared.result import Result, SubscriptError

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC = "https://numpy.org/doc/stable/reference/generated/numpy."
SIGNATURES = {
    "matmul": "(n?,k),(k,m?)->(n?,m?)", "matvec": "(m,n),(n)->(m)", "vecmat": "(n),(n,m)->(m)", "vecdot": "(n),(n)->()",
}  # fmt: skip


def learn(cx: Context, found: Result) -> None:
    """The equations that must hold for the call to work."""
    for need in found.open:
        if need.kind == "equal":
            cx.equal(need.left, need.right)


class Factors:
    """The operands of a product: arrays, the dtype of the result, shapes as they are known by now."""

    __slots__ = ("dtype", "left", "right", "x", "y")

    def __init__(self, cx: Context, left: Array, right: Array) -> None:
        self.left = left
        self.right = right
        self.dtype = product_dtype(cx, left, right)
        self.x: Shape | None = None if left.shape is None else resolved(cx, left.shape)
        self.y: Shape | None = None if right.shape is None else resolved(cx, right.shape)


def factors(cx: Context, a: Value, b: Value) -> Factors | Unknown:
    """Both operands, Unknown where one of them is."""
    left, right = as_array(cx, a), as_array(cx, b)
    if isinstance(left, Unknown):
        return left
    return right if isinstance(right, Unknown) else Factors(cx, left, right)


def product_dtype(cx: Context, left: Array, right: Array) -> str | None:
    """The dtype of a product; text has none."""
    if not {kind_of(left.dtype), kind_of(right.dtype)} <= {"b", "i", "u", "f", "c", "O"}:
        return None
    return common_dtype(cx, [operand(left), operand(right)])


def mismatched(
    taker: str, text: str, left: Shape, right: Shape, values: tuple[Value, ...], dtype: str | None,
    axes: tuple[int | None, int | None] = (None, None),
) -> Fault:  # fmt: skip
    from foreshape.faults.matmul_mismatch import MatmulMismatch

    return MatmulMismatch(
        Raises("ValueError", text, by="numpy"), values=values, recover=made(None, dtype), taker=taker, left=left,
        right=right, left_axis=axes[0], right_axis=axes[1],
    )  # fmt: skip


# -- matmul -----------------------------------------------------------------------------------------------------------
def matmul_of(cx: Context, a: Value, b: Value) -> Value:
    """``a @ b``. ValueError (matmul-mismatch) where the contracted sizes differ or an operand has no axes."""
    both = factors(cx, a, b)
    if isinstance(both, Unknown):
        return both
    left, right, dtype, x, y = both.left, both.right, both.dtype, both.x, both.y
    if "U" in (kind_of(left.dtype), kind_of(right.dtype)) and "O" not in (kind_of(left.dtype), kind_of(right.dtype)):
        from foreshape.faults.dtype_mismatch import DtypeMismatch

        shown = f"(dtype('{left.dtype}'), dtype('{right.dtype}'))"
        text = f"ufunc 'matmul' did not contain a loop with signature matching types {shown} -> None"
        raise DtypeMismatch(
            Raises("UFuncTypeError", text, by="numpy"),
            values=(a, b),
            taker="@",
            got=(left.dtype or "", right.dtype or ""),
        )
    if x is None or y is None:
        return made(None, dtype)
    for position, shape in enumerate((x, y)):
        if not shape:
            if cx.targets.at_least("numpy", "2"):
                _check_weak(left, right, (a, b))
            text = (
                f"matmul: Input operand {position} does not have enough dimensions (has 0, gufunc core with signature "
                f"{SIGNATURES['matmul']} requires 1)"
            )
            raise mismatched("@", text, x, y, (a, b), dtype)
    found = formulas.matmul(x, y, cx.facts)
    failed = found.failed
    if failed is not None and failed.where == "inner":
        text = (
            f"matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature "
            f"{SIGNATURES['matmul']} (size {failed.right} is different from {failed.left})"
        )
        raise mismatched("@", text, x, y, (a, b), dtype, (len(x) - 1, max(len(y) - 2, 0)))
    if failed is not None:
        raise mismatched("@", _remapped_text(x, y, found.shape), x, y, (a, b), dtype)
    learn(cx, found)
    roles = left.roles if left.roles is not None and len(x) == len(found.shape) else None
    if roles is not None:
        roles = (*roles[:-1], None)
    return made(resolved(cx, found.shape), dtype, roles=roles)


def _check_weak(left: Array, right: Array, values: tuple[Value, Value]) -> None:
    """A Python int is first cast to the dtype of the array."""
    from foreshape.domain.values import Const
    from foreshape.semantics.numpy.conversion import out_of_bounds
    from foreshape.semantics.numpy.dtypes import integer_range

    for value, array in ((values[0], right), (values[1], left)):
        limits = integer_range(array.dtype)
        if (
            limits is not None
            and kind_of(array.dtype) != "b"
            and isinstance(value, Const)
            and type(value.value) is int
            and not limits[0] <= value.value <= limits[1]
        ):
            raise out_of_bounds(value.value, array.dtype, *values)


def _remapped_text(x: Shape, y: Shape, result: Shape) -> str:
    batches = " ".join(f"{shape_text(shape)}->{shape_text([*shape[:-2], 'newaxis', 'newaxis'])}" for shape in (x, y))
    core = shape_text(result[-2:]) if len(result) >= 2 else shape_text(result)
    return (
        f"operands could not be broadcast together with remapped shapes [original->remapped]: {batches}  and requested "
        f"shape {core}"
    )


@rule("numpy.matmul", "numpy.linalg.matmul", doc=DOC + "matmul.html")
def matmul(cx: Context, x1: Value, x2: Value, out: Value | None = None, **kwargs: Value) -> Value:
    """The last axis of the first with the last but one of the second; the axes before broadcast."""
    if given(kwargs.get("axes")):
        return cx.unknown(OTHER_AXES)
    return matmul_of(cx, x1, x2)


OTHER_AXES: Final = "a product over other axes than the last ones is not modelled"


def _core(cx: Context, name: str, a: Value, b: Value, left_core: int, right_core: int) -> Value:
    both = factors(cx, a, b)
    if isinstance(both, Unknown):
        return both
    dtype, x, y = both.dtype, both.x, both.y
    if x is None or y is None or len(x) < left_core or len(y) < right_core:
        return made(None, dtype)
    inner_y = y[-2] if right_core == 2 else y[-1]
    if not cx.equal(x[-1], inner_y):
        text = (
            f"{name}: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature {SIGNATURES[name]} "
            f"(size {inner_y} is different from {x[-1]})"
        )
        raise mismatched(name, text, x, y, (a, b), dtype)
    from foreshape.semantics.shared.broadcast import broadcast_shapes

    batch = broadcast_shapes(x[: len(x) - left_core], y[: len(y) - right_core], facts=cx.facts)
    if batch.failed is not None:
        return made(None, dtype)
    rest = (*((x[-2],) if left_core == 2 else ()), *((y[-1],) if right_core == 2 else ()))
    return made((*batch.shape, *rest), dtype)


@rule("numpy.matvec", since="2.2")
def matvec(cx: Context, x1: Value, x2: Value, out: Value | None = None, **kwargs: Value) -> Value:
    if given(kwargs.get("axes")):
        return cx.unknown(OTHER_AXES)
    return _core(cx, "matvec", x1, x2, 2, 1)


@rule("numpy.vecmat", since="2.2")
def vecmat(cx: Context, x1: Value, x2: Value, out: Value | None = None, **kwargs: Value) -> Value:
    if given(kwargs.get("axes")):
        return cx.unknown(OTHER_AXES)
    return _core(cx, "vecmat", x1, x2, 1, 2)


@rule("numpy.vecdot", "numpy.linalg.vecdot", since="2")
def vecdot(
    cx: Context, x1: Value, x2: Value, out: Value | None = None, *, axis: Value | None = None, **kwargs: Value
) -> Value:
    if given(kwargs.get("axes")) or (given(axis) and as_int(axis) != -1):
        return cx.unknown(OTHER_AXES)
    return _core(cx, "vecdot", x1, x2, 1, 1)


# -- dot --------------------------------------------------------------------------------------------------------------
def not_aligned(x: Shape, y: Shape) -> str:
    inner = len(y) - 2 if len(y) > 1 else 0
    return (
        f"shapes {shape_text(x)} and {shape_text(y)} not aligned: {x[-1]} (dim {len(x) - 1}) != {y[inner]} "
        f"(dim {inner})"
    )


def _contracted(cx: Context, taker: str, a: Value, b: Value) -> Value:
    """``dot`` and ``inner``: they differ in which axis of b is summed over; without axes both multiply."""
    both = factors(cx, a, b)
    if isinstance(both, Unknown):
        return both
    x, y = both.x, both.y
    if x is None or y is None:
        return made(None, both.dtype)
    if not x or not y:
        return cx.rule("numpy.multiply", a, b)
    last = taker == "inner" or len(y) == 1
    found = (formulas.inner if taker == "inner" else formulas.dot)(x, y, cx.facts)
    if found.failed is not None:
        shown = (*y[:-2], y[-1], y[-2]) if last and len(y) > 1 else y
        axes = (len(x) - 1, len(y) - 1 if last else len(y) - 2)
        raise mismatched(taker, not_aligned(x, shown), x, y, (a, b), both.dtype, axes)
    learn(cx, found)
    return made(resolved(cx, found.shape), both.dtype)


@rule("numpy.dot", doc=DOC + "dot.html")
def dot(cx: Context, a: Value, b: Value, out: Value | None = None) -> Value:
    """The last axis of a with the last but one of b (or its only one); without axes it multiplies."""
    return _contracted(cx, "dot", a, b)


@rule("numpy.ndarray.dot")
def dot_method(cx: Context, self: Value, b: Value, out: Value | None = None) -> Value:
    """As the function."""
    return _contracted(cx, "dot", self, b)


@rule("numpy.inner", doc=DOC + "inner.html")
def inner(cx: Context, a: Value, b: Value, /) -> Value:
    """The last axes of both contracted."""
    return _contracted(cx, "inner", a, b)


@rule("numpy.vdot", doc=DOC + "vdot.html")
def vdot(cx: Context, a: Value, b: Value, /) -> Value:
    """A number: both as vectors. ValueError for other numbers of elements."""
    both = factors(cx, a, b)
    if isinstance(both, Unknown):
        return both
    if both.x is not None and both.y is not None:
        from foreshape.domain.dim import product

        sizes = product(both.x), product(both.y)
        if not cx.equal(*sizes):
            text = f"cannot reshape array of size {sizes[1]} into shape ({sizes[0]},)"
            raise mismatched("vdot", text, both.x, both.y, (a, b), both.dtype)
    return made((), both.dtype)


@rule("numpy.outer", "numpy.linalg.outer", doc=DOC + "outer.html")
def outer(cx: Context, a: Value, b: Value, out: Value | None = None) -> Value:
    """(elements of a, elements of b)."""
    both = factors(cx, a, b)
    if isinstance(both, Unknown):
        return both
    if both.x is None or both.y is None:
        return made((cx.fresh(lo=0), cx.fresh(lo=0)), both.dtype)
    return made(formulas.outer(both.x, both.y).shape, both.dtype)


@rule("numpy.kron", doc=DOC + "kron.html")
def kron(cx: Context, a: Value, b: Value) -> Value:
    """Sizes multiply, aligned at the right."""
    both = factors(cx, a, b)
    if isinstance(both, Unknown):
        return both
    x, y = both.x, both.y
    if x is None or y is None:
        return made(None, both.dtype)
    rank = max(len(x), len(y))
    sizes = zip((1,) * (rank - len(x)) + x, (1,) * (rank - len(y)) + y)
    return made(tuple(p * q for p, q in sizes), both.dtype)


@rule("numpy.cross", "numpy.linalg.cross", doc=DOC + "cross.html")
def cross(
    cx: Context, a: Value, b: Value, axisa: Value | None = None, axisb: Value | None = None, axisc: Value | None = None,
    axis: Value | None = None,
) -> Value:  # fmt: skip
    """The last axes are 2 or 3 long; two of 2 give no last axis."""
    both = factors(cx, a, b)
    if isinstance(both, Unknown):
        return both
    x, y = both.x, both.y
    if any(given(place) for place in (axisa, axisb, axisc, axis)) or x is None or y is None:
        return made(None, both.dtype)
    if not x or not y:
        raise invalid("a", "no axes", "At least one array has zero dimension", a, b)
    for shape in (x, y):
        if isinstance(shape[-1], int) and shape[-1] not in (2, 3):
            text = "incompatible dimensions for cross product\n(dimension must be 2 or 3)"
            raise invalid("a", shape[-1], text, a, b)
    found = formulas.cross(x, y, cx.facts)
    return made(None if found.failed is not None else found.shape, both.dtype)


# -- tensordot --------------------------------------------------------------------------------------------------------
def _axis_list(cx: Context, value: Value) -> tuple[int, ...] | None:
    found = axes_argument(cx, value)
    return found if isinstance(found, tuple) else None


@rule("numpy.tensordot", "numpy.linalg.tensordot", doc=DOC + "tensordot.html")
def tensordot(cx: Context, a: Value, b: Value, axes: Value | None = None) -> Value:
    """The given axes of a with those of b; an int takes the last of a and the first of b."""
    both = factors(cx, a, b)
    if isinstance(both, Unknown):
        return both
    dtype, x, y = both.dtype, both.x, both.y
    if x is None or y is None:
        return made(None, dtype)
    chosen = _tensordot_axes(cx, axes, x)
    if chosen is None:
        return made(None, dtype)
    axes_a, axes_b = chosen
    mismatch = len(axes_a) != len(axes_b)
    if not mismatch:
        if any(axis >= len(x) or axis < -len(x) for axis in axes_a) or any(
            axis >= len(y) or axis < -len(y) for axis in axes_b
        ):
            raise invalid("axes", (axes_a, axes_b), "tuple index out of range", a, b, exception="IndexError")
        mismatch = any(not cx.equal(x[i], y[j]) for i, j in zip(axes_a, axes_b))
    if mismatch:
        pairs = next(
            ((i % len(x), j % len(y)) for i, j in zip(axes_a, axes_b) if not cx.equal(x[i], y[j])), (None, None)
        )
        raise mismatched("tensordot", "shape-mismatch for sum", x, y, (a, b), dtype, pairs)
    gone_a, gone_b = {i % len(x) for i in axes_a}, {j % len(y) for j in axes_b}
    rest = [size for i, size in enumerate(x) if i not in gone_a] + [size for j, size in enumerate(y) if j not in gone_b]
    return made(resolved(cx, rest), dtype)


def _tensordot_axes(cx: Context, axes: Value | None, x: Shape) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    count = 2 if axes is None else as_int(axes)
    if count is not None:
        return tuple(range(-count, 0)), tuple(range(count))
    if isinstance(axes, Sequence):
        items = axes.contents.items(4)
        if items is not None and len(items) == 2:
            first, second = _axis_list(cx, items[0]), _axis_list(cx, items[1])
            if first is not None and second is not None:
                return first, second
    return None


# -- einsum -----------------------------------------------------------------------------------------------------------
@rule("numpy.einsum", doc=DOC + "einsum.html")
def einsum(
    cx: Context, *operands: Value, out: Value | None = None, optimize: Value | None = None, dtype: Value | None = None,
    order: Value | None = None, casting: Value | None = None,
) -> Value:  # fmt: skip
    """The sizes of the letters of the output. ValueError (einsum-mismatch) where the equation does not fit."""
    if not operands:
        raise invalid(
            "operands", "nothing",
            "must specify the einstein sum subscripts string and at least one operand, or at least "
            "one operand and its corresponding subscripts list",
        )  # fmt: skip
    equation = as_str(operands[0])
    values = operands[1:]
    arrays = [as_array(cx, value) for value in values]
    known = [array for array in arrays if isinstance(array, Array)]
    if equation is None or len(known) != len(arrays):
        return cx.unknown("the equation or an operand is not known")
    kind = common_dtype(cx, [operand(array) for array in known]) if known else None
    kind = dtype_argument(cx, dtype, kind)
    if any(array.shape is None for array in known):
        return made(None, kind)
    shapes = [resolved(cx, array.shape or ()) for array in known]
    try:
        found = formulas.einsum(equation, shapes, cx.facts)
    except SubscriptError as error:
        raise _bad_equation(error, equation, shapes, values, kind) from None
    failed = found.failed
    if failed is not None:
        raise _einsum_fault(equation, shapes, failed, values, kind)
    learn(cx, found)
    return made(resolved(cx, found.shape), kind)


def _bad_equation(
    error: SubscriptError, equation: str, shapes: list[Shape], values: tuple[Value, ...], dtype: str | None
) -> Fault:
    count = len(equation.partition("->")[0].split(","))
    start = "einstein sum subscripts string"
    texts = {
        "operand-count": (
            "more operands provided to einstein sum function than specified in the subscripts string"
            if len(shapes) < count
            else "fewer operands provided to einstein sum function than specified in the subscripts string"
        ),
        "too-few-labels": (
            "operand has more dimensions than subscripts given in einstein sum, but no '...' ellipsis provided to "
            "broadcast "
            "the extra dimensions."
        ),
        "too-many-labels": f"{start} contains too many subscripts for operand {error.operand}",
        "unknown-output": f"{start} included output subscript '{error.label}' which never appeared in an input",
        "repeated-output": f"{start} includes output subscript '{error.label}' multiple times",
        "bad-character": f"invalid subscript '{error.label}' in {start}, subscripts must be letters",
        "ellipsis-not-in-output": (
            "output has more dimensions than subscripts given in einstein sum, but no '...' ellipsis provided to "
            "broadcast "
            "the extra dimensions."
        ),
        "bad-ellipsis": f"{start} contains a '.' that is not part of an ellipsis ('...') in operand {error.operand}",
    }
    return _einsum(texts.get(error.reason, ""), equation, shapes, error.label or None, values, dtype)


def _einsum(
    text: str, equation: str, shapes: list[Shape], label: str | None, values: tuple[Value, ...], dtype: str | None
) -> Fault:
    from foreshape.faults.einsum_mismatch import EinsumMismatch

    return EinsumMismatch(
        Raises("ValueError", text, by="numpy"), values=values, recover=made(None, dtype), equation=equation,
        shapes=tuple(shapes), label=label,
    )  # fmt: skip


def _einsum_fault(equation: str, shapes: list[Shape], need: Any, values: tuple[Value, ...], dtype: str | None) -> Fault:
    label = need.where if isinstance(need.where, str) else None
    if need.operands is not None and need.operands[0] == need.operands[1]:
        text = f"dimensions in single operand for collapsing index '{label}' don't match ({need.left} != {need.right})"
        return _einsum(text, equation, shapes, label, values, dtype)
    text = "operands could not be broadcast together with remapped shapes [original->remapped]: " + _remapped(
        equation, shapes
    )
    return _einsum(text, equation, shapes, label, values, dtype)


def _remapped(equation: str, shapes: list[Shape]) -> str:
    """Each operand with its axes in the order of the iteration: the output's letters, then the summed ones."""
    try:
        parsed = formulas.parse_einsum(equation)
    except SubscriptError:
        return ""
    labels = [label for label in parsed.output if label != "..."]
    for operand_labels in parsed.inputs:
        for label in operand_labels:
            if label not in labels and label != "...":
                labels.append(label)
    parts: list[str] = []
    for operand_labels, shape in zip(parsed.inputs, shapes):
        sizes = dict(zip(operand_labels, shape))
        mapped: list[Any] = [sizes.get(label, "newaxis") for label in labels]
        while mapped and mapped[0] == "newaxis":
            mapped = mapped[1:]
        parts.append(f"{shape_text(shape)}->{shape_text(mapped)}")
    return " ".join(parts) + " "


@rule("numpy.einsum_path", doc=DOC + "einsum_path.html")
def einsum_path(
    cx: Context, *operands: Value, optimize: Value | None = None, einsum_call: Value | None = None
) -> Value:
    return cx.unknown("the order of contraction is not modelled")


@rule("numpy.linalg.trace", since="2", doc=DOC + "linalg.trace.html")
def linalg_trace(cx: Context, x: Value, /, *, offset: Value | None = None, dtype: Value | None = None) -> Value:
    """Without the last two axes."""
    return trace(cx, x, offset, Const(-2), Const(-1), dtype)


@rule("numpy.trace", doc=DOC + "trace.html")
def trace(
    cx: Context, a: Value, offset: Value | None = None, axis1: Value | None = None, axis2: Value | None = None,
    dtype: Value | None = None, out: Value | None = None,
) -> Value:  # fmt: skip
    """Without the two axes (0 and 1 unless given)."""
    found = as_array(cx, a)
    if isinstance(found, Unknown):
        return found
    from foreshape.semantics.numpy.reductions import sum_dtype

    kind = dtype_argument(cx, dtype, sum_dtype(found.dtype))
    if found.shape is None:
        return made(None, kind)
    if len(found.shape) < 2:
        raise invalid("a", f"{len(found.shape)} axes", "diag requires an array of at least two dimensions", a)
    axes = [as_int(axis1) if axis1 is not None else 0, as_int(axis2) if axis2 is not None else 1]
    if None in axes:
        return made(None, kind)
    gone = {axis_of(axis, len(found.shape), "trace", (a,)) for axis in axes if axis is not None}
    return made(tuple(size for i, size in enumerate(found.shape) if i not in gone), kind)


@rule("numpy.ndarray.trace")
def trace_method(
    cx: Context, self: Value, offset: Value | None = None, axis1: Value | None = None, axis2: Value | None = None,
    dtype: Value | None = None, out: Value | None = None,
) -> Value:  # fmt: skip
    return trace(cx, self, offset, axis1, axis2, dtype)
