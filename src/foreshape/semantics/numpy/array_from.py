"""What becomes an array: nested lists of known or symbolic length, scalars, tensors of other libraries, data frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.bounds import lower, upper
from foreshape.domain.compare import eq
from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import Dim, DimLike, Var, ge, substitute, variables
from foreshape.domain.join import join_bound, widen
from foreshape.domain.truth import Condition
from foreshape.domain.values import (
    Array,
    Bound,
    Choice,
    ClassValue,
    Const,
    DictValue,
    Function,
    Instance,
    Int,
    IteratorValue,
    LibraryRef,
    RangeValue,
    Sequence,
    Shape,
    Typed,
    Unknown,
    Value,
)
from foreshape.faults.base import Raises
from foreshape.faults.ragged_array import RaggedArray
from foreshape.semantics.numpy.dtypes import kind_of, promote, text_dtype
from foreshape.semantics.numpy.support import MOST_DATA, data_bounds, made, shape_text
from foreshape.semantics.registry import REGISTRY
from foreshape.semantics.shared.windows import range_length

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

MOST_WRITTEN: Final = 20_000
UNEQUAL: Final = Condition("the numbers drawn at random differ", "all numbers drawn at random are the same")
Unequal = tuple[int, int, int]
"""An axis, and the least and greatest size that is drawn for it."""
SCALARS: Final = {"bool": "bool", "int": "int64", "float": "float64", "complex": "complex128"}


class Part:
    """What is known of one nested part. shape None: not even the rank. data: only of small parts."""

    __slots__ = ("data", "drawn", "dtype", "hi", "lo", "loose", "roles", "shape", "tainted", "unequal")

    def __init__(
        self,
        shape: Shape | None,
        dtype: str | None,
        lo: Bound = None,
        hi: Bound = None,
        data: tuple[Any, ...] | None = None,
        roles: tuple[str | None, ...] | None = None,
        tainted: bool = False,
    ) -> None:
        self.shape = shape
        self.dtype = dtype
        self.lo = lo
        self.hi = hi
        self.data = data
        self.roles = roles
        self.tainted = tainted
        self.loose: tuple[int, ...] = ()
        """Axes on which the elements of a run may differ from one to the next: nothing is learnt from them."""
        self.drawn: Unequal | None = None
        """The first axis whose size is drawn at random for each element of a run."""
        self.unequal: Unequal | None = None
        """The first axis on which the elements of a list differ, because their sizes are drawn at random."""


class InhomogeneousError(Exception):
    """The parts of a sequence differ on an axis. condition: when they do, None for always."""

    def __init__(
        self, detected: Shape, sizes: tuple[DimLike | None, ...], condition: Condition | None, dtype: str | None
    ) -> None:
        super().__init__()
        self.detected = detected
        self.sizes = sizes
        self.condition = condition
        self.dtype = dtype


def as_array(cx: Context, value: Value, taker: str = "asarray") -> Array | Unknown:
    """The array that NumPy makes of an argument, Unknown where it is not known what it makes."""
    if isinstance(value, Array):
        if value.kind == "numpy":
            return value
        asked = cx.type_rule(value, "__array__")
        return asked if isinstance(asked, (Array, Unknown)) else cx.unknown("a symbolic tensor has no values")
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Sequence) and value.kind in ("list", "tuple", "deque"):
        return array_of(cx, value, None, taker)
    part = part_of(cx, value, None)
    return cx.unknown("it is not known what array this makes") if part is None else _array(part)


def _array(part: Part) -> Array:
    found = made(part.shape, part.dtype, part.lo, part.hi, part.data, part.roles)
    found.tainted = part.tainted
    return found


def array_of(cx: Context, value: Value, dtype: str | None, taker: str = "array") -> Array | Unknown:
    """``np.array(value, dtype)`` before the cast: dtype is the one that was asked for, or None."""
    try:
        part = part_of(cx, value, dtype)
    except InhomogeneousError as ragged:
        return _ragged(cx, value, ragged, dtype, taker)
    if part is None:
        return cx.unknown("it is not known what array this makes")
    if part.unequal is not None and part.shape is not None and dtype != "object":
        axis, *ends = part.unequal
        return _ragged(cx, value, InhomogeneousError(part.shape[:axis], tuple(ends), UNEQUAL, part.dtype), dtype, taker)
    return _array(part)


def _ragged(cx: Context, value: Value, found: InhomogeneousError, dtype: str | None, taker: str) -> Array:
    detected = tuple(cx.resolve(size) for size in found.detected)
    if dtype == "object":
        _check_objects(value, detected)
        items = cx.iterate(value) if len(detected) == 1 else None
        objects = made(detected, "object")
        return objects if items is None else objects.replace(meta={"items": items})
    fields: dict[str, Any] = {"taker": taker, "detected": detected, "axis": len(detected), "sizes": found.sizes}
    if found.condition is UNEQUAL and len(found.sizes) == 2:
        fields["drawn"] = True
    recovered = made((*detected, cx.fresh(lo=0)), dtype or found.dtype)
    if not cx.targets.at_least("numpy", "1.24") and dtype is None:
        cx.note(RaggedArray(None, values=(value,), condition=found.condition, **fields))
        objects = made(detected, "object")
        objects.tainted = True
        return objects
    text = (
        "setting an array element with a sequence. The requested array has an inhomogeneous shape after "
        f"{len(detected)} dimensions. The detected shape was {_detected_text(detected)} + inhomogeneous part."
    )
    if found.condition is None:
        raise RaggedArray(Raises("ValueError", text, by="numpy"), values=(value,), recover=recovered, **fields)
    cx.report(
        RaggedArray(
            Raises("ValueError", text, by="numpy"),
            values=(value,),
            recover=recovered,
            condition=found.condition,
            **fields,
        )
    )
    recovered.tainted = True
    return recovered


def _check_objects(value: Value, detected: Shape) -> None:
    """Arrays that agree on their first axes cannot be put into an object array."""
    first = value.contents.segments[0] if isinstance(value, Sequence) and value.contents.segments else None
    if len(detected) > 1 and isinstance(first, Array) and first.shape is not None:
        from foreshape.faults.assignment_shape import AssignmentShape

        target = detected[1:]
        text = f"could not broadcast input array from shape {shape_text(first.shape)} into shape {shape_text(target)}"
        raise AssignmentShape(
            Raises("ValueError", text, by="numpy"), values=(value,), recover=made(detected, "object"),
            value=first.shape,
            target=target,
        )  # fmt: skip


def _detected_text(shape: Shape) -> str:
    text = shape_text(shape)
    return text.replace(",", ", ") if len(shape) > 1 else text


# -- one part ---------------------------------------------------------------------------------------------------------
def part_of(cx: Context, value: Value, dtype: str | None) -> Part | None:
    """The part that a value makes; None where nothing can be said. Raises InhomogeneousError."""
    part = _scalar_part(value.fields.get("~plain", value) if isinstance(value, Instance) else value)
    if part is None:
        part = _composed_part(cx, value, dtype)
    if part is not None and value.tainted:
        part.tainted = True
    return part


def _scalar_part(value: Value) -> Part | None:
    if isinstance(value, Const):
        item = value.value
        if isinstance(item, bool):
            return Part((), "bool", int(item), int(item), (item,))
        if isinstance(item, int):
            return Part((), _int_dtype(item), item, item, (item,))
        if isinstance(item, float):
            bound = None if item != item else item
            return Part((), "float64", bound, bound, (item,))
        if isinstance(item, complex):
            return Part((), "complex128", data=(item,))
        if isinstance(item, str):
            return Part((), text_dtype(len(item)), data=(item,))
        if isinstance(item, bytes):
            return Part((), f"|S{max(len(item), 1)}", data=(item,))
        return Part((), "object")
    if isinstance(value, Int):
        return Part((), "int64", value.dim, value.dim, (value.dim,))
    if isinstance(value, Typed):
        if value.kind == "str":
            return Part((), "str")
        if value.kind == "bytes":
            return Part((), "bytes")
        found = SCALARS.get(value.kind)
        return None if found is None else Part((), found, value.lo, value.hi)
    named = isinstance(value, LibraryRef) and REGISTRY.is_known(value.name)  # any other may be data of a module
    if named or isinstance(value, (DictValue, IteratorValue, Function, ClassValue)):
        return Part((), "object")
    return None


def _int_dtype(item: int) -> str:
    if -(2**63) <= item < 2**63:
        return "int64"
    return "uint64" if 0 <= item < 2**64 else "object"


def _composed_part(cx: Context, value: Value, dtype: str | None) -> Part | None:
    if isinstance(value, Array):
        if value.kind != "numpy":
            cx.type_rule(value, "__array__")
        lo, hi = (None, None) if value.meta.get("loose") else (value.lo, value.hi)  # an element need not reach them
        return Part(value.shape, value.dtype, lo, hi, value.data, value.roles, value.tainted)
    if isinstance(value, Sequence):
        if value.kind in ("list", "tuple", "deque"):
            try:
                return sequence_part(cx, value.contents, dtype)
            except RecursionError:
                return None  # a list that holds itself
        return Part((), "object")
    if isinstance(value, RangeValue):
        return range_part(cx, value)
    if isinstance(value, Choice):
        return _either([part_of(cx, option, dtype) for option in value.values])
    if isinstance(value, Instance):
        return _instance_part(cx, value)
    return None


def _either(parts: list[Part | None]) -> Part | None:
    """A part that is one of several."""
    known = [part for part in parts if part is not None]
    if len(known) != len(parts) or not known:
        return None
    joined = widen([_array(part) for part in known])
    if not isinstance(joined, Array):
        return None
    return Part(joined.shape, joined.dtype, joined.lo, joined.hi, joined.data, joined.roles)


def _instance_part(cx: Context, value: Instance) -> Part | None:
    method = cx.user_method(value, "__array__")
    if method is not None:
        made_by = cx.call(method)
        return part_of(cx, made_by, None) if isinstance(made_by, Array) else None
    owner = value.library_type or ""
    if owner.startswith(("pandas.", "PIL.")):
        values = cx.call_method(value, "to_numpy" if owner.startswith("pandas.") else "__array__")
        return part_of(cx, values, None) if isinstance(values, Array) else None
    if owner.startswith(("tensorflow.Variable", "keras.Variable", "keras.src.backend.Variable")):
        values = cx.call_method(value, "numpy")
        return part_of(cx, values, None) if isinstance(values, Array) else None
    if (
        isinstance(value.cls, ClassValue)
        and owner in ("", "builtins.object")
        and cx.user_method(value, "__len__") is None
        and cx.user_method(value, "__getitem__") is None
    ):
        return Part((), "object")
    return None


def range_part(cx: Context, value: RangeValue) -> Part:
    """A range as an array."""
    length = range_length(value.start, value.stop, value.step, cx.facts)
    if length is None:
        length = cx.fresh(lo=0)
    if isinstance(length, int) and length <= MOST_DATA:
        data = tuple(value.start + k * value.step for k in range(length))
        lo, hi = data_bounds(data)
        return Part((length,), "int64", lo, hi, data)
    first, last = value.start, value.start + (length - 1) * value.step
    return Part((length,), "int64", *((first, last) if value.step > 0 else (last, first)))


# -- sequences --------------------------------------------------------------------------------------------------------
def sequence_part(cx: Context, contents: Contents, dtype: str | None) -> Part | None:
    """The part that a list makes: its length, then the axes that its elements agree on."""
    if not contents.segments:
        return Part((0,), "float64", data=())
    flat = _flat_numbers(contents)
    if flat is not None:
        return flat
    if any(isinstance(segment, Run) and segment.index is not None for segment in contents.segments):
        items = contents.items(MOST_DATA)
        contents = contents if items is None else Contents(items)
    parts: list[Part | None] = []
    for segment in contents.segments:
        parts.append(
            _run_part(cx, segment, contents, dtype) if isinstance(segment, Run) else part_of(cx, segment, dtype)
        )
    length = cx.resolve(contents.length)
    if not isinstance(length, int):
        # an array of nothing is of no use to anybody
        cx.at_least(length, 1)
        length = cx.resolve(length)
    if all(part is None for part in parts):
        return Part(None, None)
    merged = _merge(cx, length, parts, contents)
    merged.data = _joined_data(parts, contents, merged)
    merged.unequal = _drawn_apart(cx, parts, contents)
    _join_bounds(parts, merged)
    merged.tainted = any(part is not None and part.tainted for part in parts)
    return merged


def _flat_numbers(contents: Contents) -> Part | None:
    """Long lists of constants, without making a part for each."""
    segments = contents.segments
    if len(segments) <= MOST_DATA or not all(type(segment) is Const for segment in segments):
        return None
    kinds = {type(segment.value) for segment in segments}  # type: ignore[union-attr]
    if not kinds <= {int, float}:
        return None
    items = [segment.value for segment in segments]  # type: ignore[union-attr]
    lo, hi = data_bounds(items)
    return Part((len(items),), "float64" if float in kinds else "int64", lo, hi)


def _run_part(cx: Context, run: Run, contents: Contents, dtype: str | None) -> Part | None:
    """What each element of a run makes. An element whose shape changes along the run makes the rows differ."""
    element = run.element
    part = part_of(cx, element, dtype)
    if part is None:
        return None
    index = run.index
    _loosen(cx, run, part)
    if index is None:
        part.data = None
        return part
    if part.shape is not None:
        part.shape = tuple(cx.resolve(size) for size in part.shape)
        for axis, size in enumerate(part.shape):
            if isinstance(size, Dim) and index in variables(size):
                part.shape = _along_run(cx, run, part, axis, size, contents)
                break
    part.lo, part.hi = _bounds_along(cx, part.lo, index, False), _bounds_along(cx, part.hi, index, True)
    if part.data is not None and any(isinstance(item, Dim) and index in variables(item) for item in part.data):
        part.data = None
    return part


def _drawn_apart(cx: Context, parts: list[Part | None], contents: Contents) -> Unequal | None:
    """The axis on which chance makes the elements differ: within a run, or from one element to the next."""
    known = [part for part in parts if part is not None and part.shape is not None]
    for part in known:
        inner = part.drawn or part.unequal
        if inner is not None:
            return inner[0] + 1, inner[1], inner[2]
    if len(known) < 2 or any(isinstance(segment, Run) for segment in contents.segments):
        return None
    first, second = known[0].shape or (), known[1].shape or ()
    for axis, (a, b) in enumerate(zip(first, second)):
        one, two = _ends_drawn(cx, a), _ends_drawn(cx, b)
        if one is not None and two is not None and not eq(a, b, cx.facts).is_yes:
            return axis + 1, min(one[0], two[0]), max(one[1], two[1])
    return None


def drawn_apart(cx: Context, shapes: list[Shape], count: DimLike | None) -> int | None:
    """The axis on which chance makes several arrays differ. count: how many there are of one shape, None for one each."""
    if len(shapes) < 2 and count is None:
        return None
    first, second = shapes[0], shapes[min(1, len(shapes) - 1)]
    for axis, (a, b) in enumerate(zip(first, second)):
        drawn = _ends_drawn(cx, a) is not None and _ends_drawn(cx, b) is not None
        if drawn and (count is not None or not eq(a, b, cx.facts).is_yes):
            return axis
    return None


def _ends_drawn(cx: Context, size: DimLike) -> tuple[int, int] | None:
    """The least and greatest value of a size that is drawn at random, where it may be several."""
    if not isinstance(size, Dim) or not variables(size) or not all(one.chance for one in variables(size)):
        return None
    least, most = lower(size, cx.facts), upper(size, cx.facts)
    return None if least is None or most is None or least >= most else (least, most)


def _loosen(cx: Context, run: Run, part: Part) -> None:
    """An element whose size is some varying one may have another at each place of the run."""
    if part.shape is None or (isinstance(run.length, int) and run.length <= 1):
        return
    loose: list[int] = []
    for axis, size in enumerate(part.shape):
        if isinstance(size, Dim) and any((v.varying or v.name is None) and v is not run.index for v in variables(size)):
            loose.append(axis)
    if loose:
        ends = [(axis, _ends_drawn(cx, part.shape[axis])) for axis in loose]
        part.drawn = next(((axis, *found) for axis, found in ends if found is not None), None)
        part.loose = tuple(loose)
        part.shape = tuple(cx.fresh(lo=0) if axis in loose else size for axis, size in enumerate(part.shape))


def _along_run(cx: Context, run: Run, part: Part, axis: int, size: Dim, contents: Contents) -> Shape:
    """The shape of a part whose size on one axis mentions the index of its run."""
    assert part.shape is not None and run.index is not None
    length = cx.resolve(run.length)
    if isinstance(length, int) and length <= 1:
        return tuple(substitute(s, {run.index: 0}) if isinstance(s, Dim) else s for s in part.shape)
    first = cx.resolve(substitute(size, {run.index: 0}))
    last = cx.resolve(substitute(size, {run.index: length - 1}))
    truth = eq(first, last, cx.facts)
    rest = tuple(
        cx.fresh(lo=0) if isinstance(s, Dim) and run.index in variables(s) else s for s in part.shape[axis + 1 :]
    )
    if truth.is_yes:
        # the ends agree: between them it may still rise and fall, but then nobody could use it
        return (*part.shape[:axis], first, *rest)
    if truth.is_no and ge(length, 2, cx.facts).is_yes:
        raise InhomogeneousError((cx.resolve(contents.length), *part.shape[:axis]), (first, last), None, part.dtype)
    several = ge(length, 2, cx.facts)
    if truth.is_no and several.condition is not None:
        raise InhomogeneousError(
            (cx.resolve(contents.length), *part.shape[:axis]), (first, last), several.condition, part.dtype
        )
    differs = truth.negate().condition
    if differs is not None and not truth.is_no and not _mentions_varying(first, last):
        raise InhomogeneousError((cx.resolve(contents.length), *part.shape[:axis]), (first, last), differs, part.dtype)
    return (*part.shape[:axis], cx.fresh(lo=0), *rest)


def _mentions_varying(*sizes: DimLike) -> bool:
    return any(v.varying for size in sizes for v in variables(size))


def _bounds_along(cx: Context, bound: Bound, index: Var, upper: bool) -> Bound:
    """A bound that holds for every position of a run."""
    if not isinstance(bound, Dim) or index not in variables(bound):
        return bound
    ends: list[Bound] = []
    for end in (index.lo, index.hi):
        if end is None:
            return None
        ends.append(substitute(bound, {index: end}))
    return join_bound(ends[0], ends[1], upper)


def _merge(cx: Context, length: DimLike, parts: list[Part | None], contents: Contents) -> Part:
    """The axes that all parts agree on, behind the length."""
    shaped = [(number, part) for number, part in enumerate(parts) if part is not None and part.shape is not None]
    dtype: str | None = None
    for position, part in enumerate(parts):
        one = None if part is None else part.dtype
        if (
            part is not None
            and part.shape is not None
            and 0 in part.shape
            and isinstance(contents.segments[position], Value)
        ):
            one = one if one != "float64" else dtype or one
        dtype = one if position == 0 else promote_items(dtype, one)
    if not shaped:
        return Part(None, dtype)
    agreed: list[DimLike] = list(shaped[0][1].shape or ())
    depth = len(agreed)
    loose = {axis for _, part in shaped for axis in part.loose}
    for _, part in shaped[1:]:
        shape = part.shape or ()
        common = 0
        for mine, theirs in zip(agreed[:depth], shape):
            if common in loose:
                agreed[common] = cx.fresh(lo=0)
                common += 1
                continue
            if not cx.equal(mine, theirs):
                break
            agreed[common] = _plainer(cx, mine, theirs)
            common += 1
        if common < depth or len(shape) != len(agreed):
            depth = min(depth, common)
    if any(len(part.shape or ()) != depth for _, part in shaped) or depth < len(agreed):
        sizes: list[DimLike | None] = []
        for _, part in shaped:
            size = part.shape[depth] if part.shape is not None and depth < len(part.shape) else None
            if size not in sizes:
                sizes.append(size)
        if len(sizes) < 2 and ge(length, 2, cx.facts).is_yes is False:
            return Part((length, *agreed[:depth]), dtype)
        raise InhomogeneousError((length, *agreed[:depth]), tuple(sizes[:8]), None, dtype)
    roles = shaped[0][1].roles
    return Part(
        (length, *(cx.resolve(size) for size in agreed)), dtype, roles=None if roles is None else (None, *roles)
    )


def _plainer(cx: Context, a: DimLike, b: DimLike) -> DimLike:
    a, b = cx.resolve(a), cx.resolve(b)
    if isinstance(a, int):
        return a
    return b if isinstance(b, int) or ("?" in str(a) and "?" not in str(b)) else a


def promote_items(a: str | None, b: str | None) -> str | None:
    """The dtype of a list that holds both."""
    found = promote(a, b)
    if found is None and a is not None and b is not None and {kind_of(a), kind_of(b)} & {"O"}:
        return "object"
    return found


def _join_bounds(parts: list[Part | None], merged: Part) -> None:
    if any(part is None for part in parts) or kind_of(merged.dtype) not in ("b", "i", "u", "f"):
        return
    full = [part for part in parts if part is not None and not (part.shape is not None and 0 in part.shape)]
    if not full:
        return
    lo, hi = full[0].lo, full[0].hi
    for part in full[1:]:
        lo, hi = join_bound(lo, part.lo, False), join_bound(hi, part.hi, True)
    merged.lo, merged.hi = lo, hi


def _joined_data(parts: list[Part | None], contents: Contents, merged: Part) -> tuple[Any, ...] | None:
    data: list[Any] = []
    for part, segment in zip(parts, contents.segments):
        if part is None or part.data is None or len(data) + len(part.data) > MOST_DATA:
            return None
        if isinstance(segment, Run):
            if not isinstance(segment.length, int) or len(part.data) * segment.length > MOST_DATA:
                return None
            data.extend(part.data * segment.length)
        else:
            data.extend(part.data)
    return converted(tuple(data), merged.dtype)


def converted(data: tuple[Any, ...] | None, dtype: str | None) -> tuple[Any, ...] | None:
    """The elements as elements of a dtype; None where that cannot be told."""
    if data is None or dtype is None:
        return None
    kind = kind_of(dtype)
    if kind == "f":
        found: list[Any] = []
        for item in data:
            if not isinstance(item, (bool, int, float)):
                return None
            found.append(float(item))
        exact = dtype == "float64" or (dtype == "float32" and all(_exact(item) for item in found))
        return tuple(found) if exact else None
    if kind in ("i", "u"):
        whole: list[Any] = []
        for item in data:
            if isinstance(item, Dim):
                whole.append(item)
            elif isinstance(item, (bool, int)):
                whole.append(int(item))
            else:
                return None
        return tuple(whole)
    if kind == "b":
        return data if all(isinstance(item, bool) for item in data) else None
    if kind == "U":
        return data if all(isinstance(item, str) for item in data) else None
    return None


def _exact(item: float) -> bool:
    """Whether a small float holds the number exactly (a whole number, or a few binary places)."""
    return abs(item) < 1024 and item * 1024 == int(item * 1024)
