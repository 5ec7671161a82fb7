"""einsum, tensordot, chains of matrices, cross products and distances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Sequence, Shape, Value, as_int, as_str
from foreshape.faults.base import Fault
from foreshape.semantics.shared.matmul import einsum as einsum_formula
from foreshape.semantics.shared.matmul import parse_einsum
from foreshape.semantics.shared.result import Need, ShapeError, SubscriptError
from foreshape.semantics.torch.casting import cast_meta, product_dtype
from foreshape.semantics.torch.declare import op
from foreshape.semantics.torch.products import like, mismatched, no_bools, same_dtype
from foreshape.semantics.torch.support import (
    as_tensor,
    axes_in,
    axis_in,
    broadcast,
    check_devices,
    dense_strides,
    error,
    given,
    ints,
    invalid,
    is_complex,
    is_floating,
    is_integral,
    items_of,
    must_be,
    real_dtype,
    result_dtype,
    scalar_name,
    shown,
    tensor,
    unknown_tensor,
    wrong_dtype,
    wrong_rank,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


# -- einsum ----------------------------------------------------------------------------------------------------------


@op("einsum", method=False)
def einsum(cx: Context, *args: Value) -> Value:
    """Sums of products by axis letters; ``einsum(x, [0, 1], ...)`` spells them as numbers. A letter's size may be 1."""
    if len(args) == 2 and isinstance(args[1], Sequence) and as_str(args[0]) is not None:
        args = (args[0], *(items_of(args[1]) or (args[1],)))
    if len(args) > 1 and isinstance(args[0], Sequence):
        raise must_be(cx, "einsum", "equation", 1, "str", args[0])
    equation = as_str(args[0]) if args else None
    operands = args[1:]
    if equation is None:
        equation, operands = _numbered(cx, args)
    arrays = [as_tensor(cx, value) for value in operands]
    if equation is None or not arrays or any(array is None or array.shape is None for array in arrays):
        return unknown_tensor(cx, *args)
    known = [array for array in arrays if array is not None]
    check_devices(cx, "einsum", *known)
    shapes = tuple(tuple(map(cx.resolve, array.shape or ())) for array in known)
    try:
        found = einsum_formula(equation, shapes, cx.facts, sums_ellipsis=True)
    except SubscriptError as wrong:
        raise _bad_equation(cx, equation, wrong, known, shapes) from None
    except ShapeError:
        return unknown_tensor(cx, *args)
    made = tensor(
        cx,
        found.shape,
        product_dtype(cx, _summed_dtype(equation, known)),
        *known,
        strides=_product_strides(cx, equation, shapes, found.shape),
        meta=cast_meta(cx, *known),
    )
    if found.failed is not None:
        raise _unequal(cx, equation, found.failed, known, shapes, made)
    for need in found.open:
        if need.kind == "equal":
            cx.equal(need.left, need.right)
    if len(known) > 1:
        names = f"{scalar_name(known[0].dtype)} but found {scalar_name(known[1].dtype)}"
        if _contracts(equation):
            same_dtype(cx, f"expected scalar type {names}", "einsum", *known, recover=made)
            no_bools(cx, "bmm", "einsum", *known)
        elif len({array.dtype for array in known}) > 1:
            made = made.replace(dtype=None)
    return made


def _product_strides(
    cx: Context, equation: str, shapes: tuple[Shape, ...], made: Shape | None
) -> tuple[DimLike, ...] | None:
    """The strides of a product of two operands over a common axis, which is one ``bmm`` (``sumproduct_pair`` of ATen).

    It lies in memory as the axes of both, those of the first alone, those of the second alone, each in the order of the
    output; where all of the second stand before those of the first in the output, these two change places. None where
    the path is another one, or depends on a size that may be 1."""
    try:
        parsed = parse_einsum(equation)
    except SubscriptError:
        return None
    if len(parsed.inputs) != 2 or made is None or not cx.targets.at_least("torch", "2"):
        return None
    left, right = parsed.inputs
    every = [*left, *right]
    if "..." in every or len(set(left)) < len(left) or len(set(right)) < len(right) or len(made) != len(parsed.output):
        return None
    sizes = {letter: (shapes[0][left.index(letter)] if letter in left else None) for letter in every}
    for letter, size in zip(right, shapes[1]):
        if sizes[letter] is None:
            sizes[letter] = size
        elif sizes[letter] != size:
            return None
    summed = [letter for letter in sizes if letter not in parsed.output]
    both = [letter for letter in parsed.output if letter in left and letter in right]
    first = [letter for letter in parsed.output if letter not in right]
    second = [letter for letter in parsed.output if letter not in left]
    long = {letter for letter, size in sizes.items() if isinstance(size, int) and size > 1}
    if not summed or not long.issuperset(summed) or not all(each in left and each in right for each in summed):
        return None
    if not long.issuperset(parsed.output) and not (second and parsed.output[-1] == second[-1] in long):
        return None
    order = [*both, *first, *second]
    if first and second and parsed.output.index(second[-1]) < parsed.output.index(first[0]):
        order = [*both, *second, *first]
    place = dict(zip(parsed.output, made))
    steps = dict(zip(order, dense_strides(tuple(place[letter] for letter in order))))
    return tuple(steps[letter] for letter in parsed.output)


def _summed_dtype(equation: str, arrays: list[Array]) -> str | None:
    """What an axis of one operand alone is summed in: int64 for integers."""
    dtype = arrays[0].dtype
    if not is_integral(dtype) or dtype == "int64":
        return dtype
    try:
        parsed = parse_einsum(equation)
    except SubscriptError:
        return None
    letters = [letter for labels in parsed.inputs for letter in set(labels) if letter != "..."]
    alone = any(letters.count(letter) == 1 and letter not in parsed.output for letter in letters)
    if not alone:
        return dtype
    return "int64" if len(arrays) == 1 else None


def _contracts(equation: str) -> bool:
    """Whether a letter is summed over: elsewise operands are multiplied element by element."""
    try:
        parsed = parse_einsum(equation)
    except SubscriptError:
        return False
    letters = {letter for labels in parsed.inputs for letter in labels if letter != "..."}
    shared = [letter for letter in letters if sum(letter in labels for labels in parsed.inputs) > 1]
    return any(letter not in parsed.output for letter in shared)


def _numbered(cx: Context, args: tuple[Value, ...]) -> tuple[str | None, tuple[Value, ...]]:
    """The equation that tensors and lists of numbers spell."""
    operands: list[Value] = []
    texts: list[str] = []
    output = ""
    for place in range(0, len(args), 2):
        if place == len(args) - 1:
            labels = _letters(args[place])
            if labels is None:
                return None, args
            output = "->" + labels
            break
        labels = _letters(args[place + 1])
        if labels is None:
            return None, args
        operands.append(args[place])
        texts.append(labels)
    return ",".join(texts) + output, tuple(operands)


def _letters(value: Value) -> str | None:
    from foreshape.domain.values import Const

    items = items_of(value)
    if items is None:
        return None
    found = ""
    for item in items:
        if isinstance(item, Const) and item.value is Ellipsis:
            found += "..."
            continue
        number = as_int(item)
        if number is None or not 0 <= number < len(LETTERS):
            return None
        found += LETTERS[number]
    return found


def _fault(cx: Context, exception: str, message: str, equation: str, arrays: list[Array], shapes: tuple[Shape, ...],
           label: str | None, recover: Value | None) -> Fault:  # fmt: skip
    from foreshape.faults.einsum_mismatch import EinsumMismatch

    return EinsumMismatch(
        error(cx, exception, message),
        values=tuple(arrays),
        recover=recover,
        equation=equation,
        shapes=shapes,
        label=label,
    )


def _bad_equation(
    cx: Context, equation: str, wrong: SubscriptError, arrays: list[Array], shapes: tuple[Shape, ...]
) -> Fault:
    exception = "RuntimeError"
    label = wrong.label or None
    place = wrong.operand
    if wrong.reason in ("too-few-labels", "too-many-labels"):
        labels = equation.replace(" ", "").partition("->")[0].split(",")[place]
        dots = "..." in labels
        count = len(labels.replace(".", ""))
        message = (
            f"einsum(): the number of subscripts in the equation ({count}) "
            + ("is more than" if dots else "does not match")
            + f" the number of dimensions ({len(shapes[place])}) for operand {place}"
            + ("" if dots else " and no ellipsis was given")
        )
        label = None
    elif wrong.reason == "operand-count":
        wanted, given_ = equation.count(",") + 1, len(arrays)
        less = "fewer" if given_ < wanted else "more"
        message = f"einsum(): {less} operands were provided than specified in the equation"
        label = None
        if given_ > 2:
            exception = "ValueError"
            message = f"Number of einsum subscripts, {wanted}, must be equal to the number of operands, {given_}."
    elif wrong.reason == "unknown-output":
        message = f"einsum(): output subscript {label} does not appear in the equation for any input operand"
    elif wrong.reason == "repeated-output":
        message = f"einsum(): output subscript {label} appears more than once in the output"
    elif wrong.reason == "bad-ellipsis":
        message = "einsum(): found '.' for operand 0 that is not part of any ellipsis"
    else:
        where = next((at for at, letter in enumerate(equation) if not (letter.isalpha() or letter in " ,.-")), 0)
        message = (
            f"einsum(): invalid subscript given at index {where} in the equation string, subscripts must be in [a-zA-Z]"
        )
    return _fault(cx, exception, message, equation, arrays, shapes, label, None)


def _unequal(
    cx: Context, equation: str, need: Need, arrays: list[Array], shapes: tuple[Shape, ...], made: Value
) -> Fault:
    operands = need.operands or (0, 1)
    label = need.where if isinstance(need.where, str) else None
    if label == "...":
        message = (
            f"einsum(): dimension 0 covered by ellipsis in operand {operands[1]}has size {need.right} which does not "
            f"broadcast with previously seen ellipsis with size {need.left} for the respective dimension"
        )
    elif operands[0] == operands[1]:
        message = (
            f"einsum(): subscript {label} is repeated for operand {operands[0]} but the sizes don't match, {need.right} "
            f"!= {need.left}"
        )
    else:
        message = (
            f"einsum(): subscript {label} has size {need.right} for operand {operands[1]} which does not broadcast with "
            f"previously seen size {need.left}"
        )
    return _fault(cx, "RuntimeError", message, equation, arrays, shapes, label, made)


# -- tensordot -------------------------------------------------------------------------------------------------------


@op("tensordot", method=False)
def tensordot(cx: Context, a: Array, b: Array, dims: Value | None = None, out: Value | None = None) -> Value:
    """Axes of one contracted with axes of the other: the last and the first ``dims``, or two lists of them."""
    if a.shape is None or b.shape is None:
        return tensor(cx, None, a.dtype, a, b)
    ranks = len(a.shape), len(b.shape)
    count = 2 if dims is None else as_int(dims)
    if count is not None:
        if count < 0:
            raise invalid(cx, "RuntimeError", f"tensordot expects dims >= 0, but got dims={count}", "dims", count, a)
        if count > min(ranks):
            message = f"tensordot expects dims < ndim_a or ndim_b, but got dims={count}"
            raise invalid(cx, "RuntimeError", message, "dims", count, a, b)
        pairs = [(i - count, i) for i in range(count)]
    else:
        lists = items_of(dims)
        first = ints(cx, lists[0]) if lists is not None and len(lists) == 2 else None
        second = ints(cx, lists[1]) if lists is not None and len(lists) == 2 else None
        if first is None or second is None:
            return tensor(cx, None, a.dtype, a, b)
        if len(first) != len(second):
            raise invalid(cx, "RuntimeError", "both dimension lists should have same length", "dims", lists, a, b)
        axes_in(cx, "tensordot", first, ranks[0], a)
        axes_in(cx, "tensordot", second, ranks[1], b)
        pairs = list(zip(first, second))
    gone = {i % ranks[0] for i, _ in pairs}, {j % ranks[1] for _, j in pairs}
    rest = [size for i, size in enumerate(a.shape) if i not in gone[0]]
    rest += [size for j, size in enumerate(b.shape) if j not in gone[1]]
    made = like(cx, tuple(rest), a, b)
    for i, j in pairs:
        m, n = a.shape[i], b.shape[j]
        if not _fit(cx, m, n):
            message = f"contracted dimensions need to match, but first has size {m} in dim {i} and second has size {n} in dim {j}"
            raise mismatched(cx, message, "tensordot", a, b, i, j, made)
    same_dtype(cx, "both inputs should have same dtype", "tensordot", a, b, recover=made)
    no_bools(cx, "addmm_impl_cpu_", "tensordot", a)
    return made


def _fit(cx: Context, m: DimLike, n: DimLike) -> bool:
    m, n = cx.resolve(m), cx.resolve(n)
    return (isinstance(m, int) and m == 1) or (isinstance(n, int) and n == 1) or cx.equal(m, n)


# -- chains ----------------------------------------------------------------------------------------------------------


@op("linalg.multi_dot")
def multi_dot(cx: Context, tensors: Value, *, out: Value | None = None) -> Value:
    """A product of several matrices; the first and the last may be vectors."""
    items = items_of(tensors)
    arrays = [as_tensor(cx, item) for item in items or ()]
    if items is None or any(array is None or array.shape is None for array in arrays):
        return unknown_tensor(cx, tensors)
    return _chain(cx, [array for array in arrays if array is not None])


@op("chain_matmul", method=False)
def chain_matmul(cx: Context, *matrices: Value, out: Value | None = None) -> Value:
    """A product of several matrices."""
    arrays = [as_tensor(cx, item) for item in matrices]
    if any(array is None or array.shape is None for array in arrays):
        return unknown_tensor(cx, *matrices)
    return _chain(cx, [array for array in arrays if array is not None])


def _chain(cx: Context, arrays: list[Array]) -> Value:
    count = len(arrays)
    if count < 2:
        message = f"multi_dot(): expected at least 2 tensors but got {count}"
        raise invalid(cx, "RuntimeError", message, "tensors", count, *arrays)
    for place, array in enumerate(arrays):
        rank = len(array.shape or ())
        end = place in (0, count - 1)
        if rank == 2 or (end and rank == 1):
            continue
        name = "the first tensor" if place == 0 else "the last tensor" if end else f"tensor {place}"
        message = f"multi_dot(): {name} must be {'1D or 2D' if end else '2D'} but got {rank}D"
        raise wrong_rank(cx, "RuntimeError", message, "multi_dot", array, 2)
    first, last = arrays[0].shape or (), arrays[-1].shape or ()
    shape = (*first[:-1], *(last[1:] if len(last) == 2 else ()))
    made = like(cx, shape, *arrays)
    for array in arrays[1:]:
        names = f"expected tensor dtype {scalar_name(arrays[0].dtype)} but got {scalar_name(array.dtype)}"
        same_dtype(
            cx, f"multi_dot(): all tensors must have be the same dtype but {names}", "multi_dot", arrays[0], array
        )
    for place in range(count - 1):
        a, b = arrays[place], arrays[place + 1]
        if not cx.equal((a.shape or (1,))[-1], (b.shape or (1,))[0]):
            message = (
                f"multi_dot(): tensors {place} and {place + 1} with shapes {shown(_matrix(a, place == 0))} and "
                f"{shown(_matrix(b, False))} cannot be multiplied"
            )
            raise mismatched(cx, message, "multi_dot", a, b, -1, 0, made)
    return made


def _matrix(x: Array, row: bool) -> Shape:
    shape = x.shape or ()
    return shape if len(shape) == 2 else (1, *shape) if row else (*shape, 1)


# -- cross products --------------------------------------------------------------------------------------------------


def _cross(cx: Context, a: Array, b: Array, dim: Value | None, found: bool) -> Value:
    dtype = result_dtype(cx, a, b)
    if a.shape is None or b.shape is None:
        return tensor(cx, None, dtype, a, b)
    if len(a.shape) != len(b.shape):
        message = "linalg.cross: inputs must have the same number of dimensions."
        raise wrong_rank(cx, "RuntimeError", message, "cross", b, len(a.shape))
    rank = len(a.shape)
    if given(dim):
        place = as_int(dim)
        if place is None:
            return tensor(cx, broadcast(cx, "cross", a, b), dtype, a, b)
        axis = axis_in(cx, "cross", place, rank, a)
    elif not found:
        place, axis = -1, rank - 1
    else:
        # the first axis of size 3
        sizes = [cx.resolve(size) for size in a.shape]
        axis = next((i for i, size in enumerate(sizes) if isinstance(size, int) and size == 3), -1)
        if axis < 0 and all(isinstance(size, int) for size in sizes):
            message = "no dimension of size 3 in input"
            raise invalid(cx, "RuntimeError", message, "dim", "None", a)
        place = axis
    if axis >= 0 and not (cx.equal(a.shape[axis], 3) and cx.equal(b.shape[axis], 3)):
        message = f"linalg.cross: inputs dimension {place} must have length 3. Got {a.shape[axis]} and {b.shape[axis]}"
        raise invalid(cx, "RuntimeError", message, "dim", place, a, b)
    return tensor(cx, broadcast(cx, "cross", a, b), dtype, a, b)


@op("cross")
def cross(cx: Context, input: Array, other: Array, dim: Value | None = None, *, out: Value | None = None) -> Value:
    """Along the first axis of size 3, where none is named."""
    return _cross(cx, input, other, dim, True)


@op("linalg.cross")
def linalg_cross(
    cx: Context, input: Array, other: Array, *, dim: Value | None = None, out: Value | None = None
) -> Value:
    """Along the last axis, where none is named."""
    return _cross(cx, input, other, dim, False)


@op("linalg.vecdot")
def vecdot(cx: Context, x: Array, y: Array, *, dim: Value | None = None, out: Value | None = None) -> Value:
    """Dot products along an axis (the last)."""
    from foreshape.semantics.torch.reducing import reduced

    names = f"found x of type {scalar_name(x.dtype)} and y of type {scalar_name(y.dtype)} instead"
    same_dtype(cx, f"linalg.vecdot: Expected x and y to have the same dtype, but {names}", "vecdot", x, y)
    shape = broadcast(cx, "vecdot", x, y)
    if shape is None:
        return tensor(cx, None, x.dtype, x, y)
    from foreshape.domain.values import Const

    left = reduced(cx, "vecdot", x.replace(shape=shape, meta={}), dim if given(dim) else Const(-1))
    return tensor(cx, left.shape, x.dtype, x, y)


# -- distances -------------------------------------------------------------------------------------------------------


@op("cdist", method=False)
def cdist(cx: Context, x1: Array, x2: Array, p: Value | None = None, compute_mode: Value | None = None) -> Value:
    """``(..., n, k)`` and ``(..., m, k)`` give ``(..., n, m)``."""
    for array, name in ((x1, "X1"), (x2, "X2")):
        if array.dtype is not None and not is_floating(array.dtype) and not is_complex(array.dtype):
            message = f"cdist only supports floating-point dtypes, {name} got: {scalar_name(array.dtype)}"
            raise wrong_dtype(cx, "RuntimeError", message, "cdist", array, wanted="float32")
        if array.shape is not None and len(array.shape) < 2:
            message = f"cdist only supports at least 2D tensors, {name} got: {len(array.shape)}D"
            raise wrong_rank(cx, "RuntimeError", message, "cdist", array, 2, at_least=True)
    dtype = result_dtype(cx, x1, x2)
    if x1.shape is None or x2.shape is None:
        return tensor(cx, None, dtype, x1, x2)
    if not cx.equal(x1.shape[-1], x2.shape[-1]):
        message = f"X1 and X2 must have the same number of columns. X1: {x1.shape[-1]} X2: {x2.shape[-1]}"
        raise mismatched(cx, message, "cdist", x1, x2, -1, -1)
    batch = broadcast(cx, "cdist", x1.replace(shape=x1.shape[:-2], meta={}), x2.replace(shape=x2.shape[:-2], meta={}))
    return tensor(cx, (*(batch or ()), x1.shape[-2], x2.shape[-2]), dtype, x1, x2, lo=0, meta={"loose": True})


@op("dist")
def dist(cx: Context, input: Array, other: Array, p: Value | None = None) -> Value:
    """The norm of the difference: a float without axes."""
    broadcast(cx, "dist", input, other)
    dtype = real_dtype(result_dtype(cx, input, other))
    return tensor(cx, (), dtype, input, other, lo=0, meta={"loose": True})
