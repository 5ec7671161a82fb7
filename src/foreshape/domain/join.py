"""One value for two that may both reach a point, and whether two values are the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeGuard

from foreshape.domain.bounds import lower, upper
from foreshape.domain.contents import Contents, Run, substitute_value
from foreshape.domain.dim import Dim, DimLike, Max, Min, dmax, dmin, of_atom, var
from foreshape.domain.facts import Facts
from foreshape.domain.polynomial import as_atom, as_var, variables
from foreshape.domain.trail import MISSING
from foreshape.domain.truth import Condition
from foreshape.domain.values import (
    Array,
    Bound,
    BoundMethod,
    Choice,
    ClassValue,
    Const,
    DictValue,
    Function,
    Instance,
    Int,
    LibraryRef,
    Mutable,
    OneOf,
    Sequence,
    SliceValue,
    Typed,
    Unknown,
    Value,
    text_length,
)

MOST_OPTIONS: Final = 4
_SCALAR_KINDS: Final = {bool: "bool", int: "int", float: "float", complex: "complex", str: "str", bytes: "bytes"}


def same(a: Any, b: Any) -> bool:
    """Whether two values are certainly interchangeable (provenance aside). Mutable ones are, only if identical, but for
    tuples, which compare element by element."""
    if a is b:
        return True
    kind = type(a)
    if kind is not type(b) or kind is Instance or kind is DictValue:
        return False
    if kind is Unknown:
        return True
    if isinstance(a, Const):
        return type(a.value) is type(b.value) and bool(a.value == b.value or a.value != a.value)
    if isinstance(a, Int):
        return bool(a.dim == b.dim)
    if isinstance(a, Typed):
        return (a.kind, a.lo, a.hi, a.condition, a.floor, a.length) == (
            b.kind, b.lo, b.hi, b.condition, b.floor, b.length
        )  # fmt: skip
    if isinstance(a, Array):
        return (
            a.kind == b.kind
            and a.shape == b.shape
            and a.dtype == b.dtype
            and a.lo == b.lo
            and a.hi == b.hi
            and a.data == b.data
            and same_meta(a, b)
        )
    if isinstance(a, LibraryRef):
        return bool(a.name == b.name)
    if isinstance(a, BoundMethod):
        return same(a.function, b.function) and same(a.receiver, b.receiver)
    if isinstance(a, Function):
        return a.node is b.node and a.scope is b.scope
    if isinstance(a, Sequence) and a.kind == "tuple" and b.kind == "tuple":
        return same_contents(a.contents, b.contents)
    if isinstance(a, Contents):
        return same_contents(a, b)
    if isinstance(a, SliceValue):
        return same(a.start, b.start) and same(a.stop, b.stop) and same(a.step, b.step)
    if isinstance(a, Unknown):
        return True
    if isinstance(a, (Mutable, Choice)):
        return False
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(value, b[key]) for key, value in a.items())
    return bool(a == b)


def same_meta(a: Array, b: Array) -> bool:
    """Whether what only their library cares about is the same. What an array is a view of is no part of what it is."""
    if a.meta is b.meta:
        return True
    if "base" in a.meta or "base" in b.meta:
        first = {key: value for key, value in a.meta.items() if key != "base"}
        return first == {key: value for key, value in b.meta.items() if key != "base"}
    return dict(a.meta) == dict(b.meta)


def alike(a: Any, b: Any) -> bool:
    """Like :func:`same`, but new lists, dicts and tuples with like contents count, and so do arrays that differ only in
    their values."""
    if same(a, b):
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, Array):
        return bool(a.kind == b.kind and a.shape == b.shape and a.dtype == b.dtype)
    if isinstance(a, Sequence):
        return a.kind == b.kind and alike(a.contents, b.contents)
    if isinstance(a, Contents):
        return len(a.segments) == len(b.segments) and all(alike_segment(x, y) for x, y in zip(a.segments, b.segments))
    if isinstance(a, DictValue):
        return a.entries.keys() == b.entries.keys() and all(alike(v, b.entries[k]) for k, v in a.entries.items())
    return False


def alike_segment(a: Any, b: Any) -> bool:
    if isinstance(a, Run) and isinstance(b, Run):
        return a.length == b.length and alike(a.element, renamed(b, a))
    return not isinstance(a, Run) and not isinstance(b, Run) and alike(a, b)


def renamed(run: Run, other: Run) -> Value:
    """The element of a run in terms of the index of another: two runs may call it differently."""
    if run.index is None or other.index is None or run.index is other.index:
        return run.element
    return substitute_value(run.element, {run.index: of_atom(other.index)})


def somewhere(segment: Any) -> Value:
    """A segment as one value: of a run the element at some position."""
    if not isinstance(segment, Run):
        found: Value = segment
        return found
    if segment.index is None:
        return segment.element
    place = var(segment.index.name, 0, segment.length - 1, varying=True)
    return substitute_value(segment.element, {segment.index: place})


def same_contents(a: Contents, b: Contents) -> bool:
    if len(a.segments) != len(b.segments):
        return False
    return all(same_segment(x, y) for x, y in zip(a.segments, b.segments))


def same_segment(x: Any, y: Any) -> bool:
    if x is y:
        return True
    if isinstance(x, Run) and isinstance(y, Run):
        return bool(x.length == y.length) and same(x.element, renamed(y, x))
    return not isinstance(x, Run) and not isinstance(y, Run) and same(x, y)


def join(a: Any, b: Any, condition: Condition | None = None) -> Any:
    """What is known when it is either ``a`` (under the condition) or ``b``."""
    if a is MISSING:
        return b
    if b is MISSING or same(a, b):
        return a
    if isinstance(a, Facts) and isinstance(b, Facts):
        return a.join(b)
    if isinstance(a, frozenset) and isinstance(b, frozenset):
        return a | b
    if isinstance(a, Contents) and isinstance(b, Contents):
        return join_contents(a, b)
    if isinstance(a, Choice) and isinstance(b, Choice) and _same_options(a, b):
        return a
    if isinstance(a, dict) and isinstance(b, dict):
        return {key: join(a.get(key, MISSING), b.get(key, MISSING), condition) for key in {**a, **b}}
    if not isinstance(a, Value) or not isinstance(b, Value):
        return b if a is None else a
    joined = _join_values(a, b, condition)
    joined.tainted = a.tainted or b.tainted
    if joined.origin is None:
        joined.origin = a.origin or b.origin
    return joined


def _same_options(a: Choice, b: Choice) -> bool:
    """Whether both are one of the same values under the same conditions."""
    return len(a.options) == len(b.options) and all(
        (x is y or same(x, y)) and when == other for (when, x), (other, y) in zip(a.options, b.options)
    )


def _join_values(a: Value, b: Value, condition: Condition | None) -> Value:
    if isinstance(a, Unknown) and isinstance(b, Unknown):
        return a
    if isinstance(a, Sequence) and isinstance(b, Sequence) and a.kind == b.kind and a.kind in ("tuple", "list"):
        first, second = a.contents.items(64), b.contents.items(64)
        if first is not None and second is not None and len(first) == len(second) and a.kind == "tuple":
            return Sequence(a.kind, Contents(tuple(join(x, y, condition) for x, y in zip(first, second))))
    if isinstance(a, Array) and isinstance(b, Array) and alike(a, b):
        return join_arrays(a, b)
    device = _join_devices(a, b)
    if device is not None:
        return device
    options = _options(a, condition) + _options(b, None if condition is None else condition.negated())
    merged: list[tuple[Condition | None, Value]] = []
    for when, value in options:
        for other in range(len(merged)):
            if same(merged[other][1], value) or (alike(merged[other][1], value) and isinstance(value, Array)):
                kept = merged[other][1]
                if isinstance(kept, Array) and isinstance(value, Array):
                    kept = join_arrays(kept, value)
                merged[other] = (None, kept)
                break
        else:
            merged.append((when, value))
    if len(merged) == 1:
        return merged[0][1]
    if len(merged) > MOST_OPTIONS:
        return widen([value for _, value in merged])
    return Choice(tuple(merged))


def may_be_any(value: Value) -> bool:
    """Whether nothing is said any more of what it is: one more possibility changes nothing."""
    if isinstance(value, Choice):
        return any(isinstance(option, Unknown) for _, option in value.options)
    return isinstance(value, Unknown)


ACCELERATOR: Final = Condition("a GPU is there", "there is no GPU")
"""What the name of a device is marked with that is a GPU where there is one, else the CPU."""
DEVICES: Final = frozenset({"cpu", "cuda", "cuda:0", "cuda:1", "mps", "xpu", "tpu", "gpu"})


def _join_devices(a: Value, b: Value) -> Value | None:
    """``"cuda" if torch.cuda.is_available() else "cpu"`` is some device: following every tensor on each of them would tell
    nothing about shapes."""
    if isinstance(a, Const) and isinstance(b, Const):
        if isinstance(a.value, str) and isinstance(b.value, str) and {a.value, b.value} <= DEVICES:
            return Typed("str", condition=ACCELERATOR if "cpu" in (a.value, b.value) else None)
    if isinstance(a, Instance) and isinstance(b, Instance) and a.cls == b.cls == LibraryRef("torch.device"):
        kinds = [one.fields.get("type") for one in (a, b)]
        found = _join_devices(*kinds) if all(isinstance(kind, Const) for kind in kinds) else None  # type: ignore[arg-type]
        return Instance(a.cls, {"type": found or Typed("str"), "index": Const(None)})
    return None


def _options(value: Value, condition: Condition | None) -> list[tuple[Condition | None, Value]]:
    if isinstance(value, Choice):
        return [(when if when is not None else condition, option) for when, option in value.options]
    return [(condition, value)]


def widen(values: list[Value]) -> Value:
    """One value that stands for all of them without alternatives: differing dims become anonymous variables."""
    if any(isinstance(value, Choice) for value in values):
        values = [option for value in values for _, option in _options(value, None)]
    first = values[0]
    if all(same(first, other) for other in values[1:]):
        return first
    if all(isinstance(value, Array) for value in values):
        arrays = [value for value in values if isinstance(value, Array)]
        made = arrays[0]
        for other in arrays[1:]:
            made = widen_arrays(made, other)
        return made
    if all(_int_like(value) for value in values):
        dims = [value.dim if isinstance(value, Int) else int(value.value) for value in values]  # type: ignore[attr-defined]
        symbolic = {dim for dim in dims if isinstance(dim, Dim)}
        if len(symbolic) > MOST_OPTIONS:
            return _within(dims)
        return Int(_between(dims, varying=True, shallow=len(symbolic) > 1))
    kinds = {scalar_kind(value) for value in values}
    if len(kinds) == 1 and None not in kinds:
        lengths = {text_length(value) for value in values}
        return Typed(kinds.pop() or "", length=lengths.pop() if len(lengths) == 1 else None)
    if _is_module(first) and all(alike_modules(first, other) for other in values[1:]):
        return first
    if all(isinstance(value, Sequence) for value in values):
        sequences = [value for value in values if isinstance(value, Sequence)]
        if len({value.kind for value in sequences}) == 1:
            contents = sequences[0].contents
            for sequence in sequences[1:]:
                contents = join_contents(contents, sequence.contents)
            return Sequence(sequences[0].kind, contents)
    if all(isinstance(value, DictValue) for value in values):
        return widen_dicts([value for value in values if isinstance(value, DictValue)])
    named = [value for value in values if _is_named_tuple(value)]
    if len(named) == len(values) and all(one.cls is named[0].cls for one in named):
        keys = [key for key in named[0].fields if all(key in one.fields for one in named[1:])]
        return Instance(named[0].cls, {key: widen([one.fields[key] for one in named]) for key in keys})
    reason = "it is not the same on every path"
    called = tuple(value for value in values if isinstance(value, (Function, BoundMethod)))
    return OneOf(reason, called) if called else Unknown(reason)


def _within(dims: list[DimLike]) -> Value:
    """Any of many sizes: between the bounds of all, where each is a number or a variable with bounds that are numbers."""
    ends: list[int] = []
    for dim in dims:
        if isinstance(dim, int):
            ends.append(dim)
            continue
        found = as_var(dim)
        if found is None or not isinstance(found.lo, int) or not isinstance(found.hi, int):
            return Typed("int")
        ends += (found.lo, found.hi)
    return Int(var(None, min(ends), max(ends), varying=True))


def _is_module(value: Any) -> TypeGuard[Instance]:
    if not isinstance(value, Instance):
        return False
    bases = value.cls.mro if isinstance(value.cls, ClassValue) else (value.cls,)
    return any(isinstance(base, LibraryRef) and base.name.startswith("torch.nn.") for base in bases)


def alike_modules(a: Any, b: Any, depth: int = 0) -> bool:
    """Whether two modules of PyTorch are built the same, so that one may stand for several: only their weights differ."""
    if a is b:
        return True
    if not _is_module(a) or not _is_module(b) or depth > 8 or a.fields.keys() != b.fields.keys():
        return False
    if a.cls is not b.cls and not (
        isinstance(a.cls, LibraryRef) and isinstance(b.cls, LibraryRef) and a.cls.name == b.cls.name
    ):
        return False
    for key, held in a.fields.items():
        other = b.fields[key]
        if isinstance(held, Instance) and _is_module(held):
            if not alike_modules(held, other, depth + 1):
                return False
        elif isinstance(held, Value) or isinstance(other, Value):
            if not alike(held, other):
                return False
        elif held is not other and (type(held) is not type(other) or held != other):
            return False
    return True


def _is_named_tuple(value: Value) -> TypeGuard[Instance]:
    """Whether it is a named tuple: it never changes, so that one may stand for several."""
    if not isinstance(value, Instance) or not isinstance(value.cls, ClassValue):
        return False
    named = any(isinstance(base, LibraryRef) and base.name == "typing.NamedTuple" for base in value.cls.mro)
    return named and all(isinstance(held, Value) for held in value.fields.values())


def _between(dims: list[DimLike], *, varying: bool, shallow: bool = False) -> Dim:
    """A variable that may be any of these sizes, or one between them. shallow: its ends are numbers.

    Ends that are extremes of extremes, round after round of a loop, would cost more than they tell: they become numbers.
    """
    drawn = varying and all(isinstance(dim, Dim) and all(one.chance for one in variables(dim)) for dim in dims)
    if shallow or any(_deep(dim) for dim in dims if isinstance(dim, Dim)):
        ends = [lower(dim) for dim in dims], [upper(dim) for dim in dims]
        least = None if None in ends[0] else min(ends[0])  # type: ignore[type-var]
        most = None if None in ends[1] else max(ends[1])  # type: ignore[type-var]
        return var(None, least, most, varying=varying, chance=drawn)
    lo = hi = dims[0]
    for dim in dims[1:]:
        lo, hi = dmin(lo, dim), dmax(hi, dim)
    return var(None, lo, hi, varying=varying, chance=drawn)


def _deep(dim: Dim) -> bool:
    """Whether a dim is made of extremes, or of variables that are bounded by other variables."""
    if as_atom(dim) is not None and isinstance(as_atom(dim), (Min, Max)):
        return True
    return any(isinstance(end, Dim) for one in variables(dim) for end in (one.lo, one.hi))


def widen_dicts(dicts: list[DictValue]) -> Value:
    """A dict that stands for several: the keys that all have, each with a value that stands for all."""
    if len({value.kind for value in dicts}) != 1:
        return Unknown("it is not the same on every path")
    shared = [key for key in dicts[0].entries if all(key in other.entries for other in dicts[1:])]
    entries = {key: widen([value.entries[key] for value in dicts]) for key in shared}
    others = [entry for value in dicts for key, entry in value.entries.items() if key not in entries]
    others += [value.rest for value in dicts if value.rest is not None]
    return DictValue(entries, widen(others) if others else None, None, dicts[0].kind)


def _int_like(value: Value) -> bool:
    return isinstance(value, Int) or (
        isinstance(value, Const) and isinstance(value.value, int) and not isinstance(value.value, bool)
    )


def scalar_kind(value: Value) -> str | None:
    """ "int", "float", "str", ... for a scalar; None for anything else."""
    if isinstance(value, Typed):
        return value.kind
    if isinstance(value, Int):
        return "int"
    if isinstance(value, Const):
        return _SCALAR_KINDS.get(type(value.value))
    return None


def crowded(bound: DimLike) -> bool:
    """Whether a size is already the smallest or largest of several: one more says little and costs much."""
    atom = as_atom(bound)
    return isinstance(atom, (Max, Min)) and len(atom.args) >= MOST_OPTIONS


def join_bound(a: Bound, b: Bound, upper: bool) -> Bound:
    """A bound that holds for both."""
    if a is None or b is None:
        return None
    if a is b or (isinstance(a, Dim) and isinstance(b, Dim) and a == b):
        return a
    if isinstance(a, Dim) or isinstance(b, Dim):
        if isinstance(a, float) or isinstance(b, float):
            return None
        if crowded(a) or crowded(b):
            return None
        return dmax(a, b) if upper else dmin(a, b)
    return max(a, b) if upper else min(a, b)


MOST_JOINED: Final = 16


def _joined_data(a: Array, b: Array) -> tuple[Any, ...] | None:
    """Whole numbers of which some are the same on both ways: the others are some number each."""
    left, right = a.data, b.data
    if left is None or right is None or len(left) != len(right) or not 1 < len(left) <= MOST_JOINED:
        return None
    if not all(type(item) is int or isinstance(item, Dim) for item in (*left, *right)):
        return None
    if not any(x == y for x, y in zip(left, right)):
        return None
    return tuple(x if x == y else _either(x, y) for x, y in zip(left, right))


def _either(x: DimLike, y: DimLike) -> Dim:
    known = isinstance(x, int) and isinstance(y, int)
    return var(None, dmin(x, y) if known else None, dmax(x, y) if known else None)


def join_arrays(a: Array, b: Array) -> Array:
    """Of the same kind, shape and dtype: joined values."""
    return a.replace(
        lo=join_bound(a.lo, b.lo, False),
        hi=join_bound(a.hi, b.hi, True),
        data=a.data if a.data == b.data else _joined_data(a, b),
        roles=a.roles if a.roles == b.roles else None,
        meta=join_meta(a, b),
    )


UNSURE: Final = {"device": "?", "strides": None, "requires_grad": None, "grad_fn": None}
"""What a tensor's metadata says where two paths disagree: not known, which differs from the default."""


def join_meta(a: Array, b: Array) -> Mapping[str, Any] | None:
    """What both say. Only of a torch tensor is part of it kept."""
    if same_meta(a, b):
        return a.meta
    if a.kind != "torch" or b.kind != "torch":
        return None
    made = {key: value for key, value in a.meta.items() if key in b.meta and same(value, b.meta[key])}
    for key, unsure in UNSURE.items():
        if a.meta.get(key, MISSING) != b.meta.get(key, MISSING):
            made[key] = unsure
    return made


def widen_arrays(a: Array, b: Array) -> Array:
    """One array for two: differing dims become anonymous variables, differing ranks an unknown rank."""
    shape: tuple[DimLike, ...] | None = None
    if a.shape is not None and b.shape is not None and len(a.shape) == len(b.shape):
        shape = tuple(x if x == y else _between([x, y], varying=True) for x, y in zip(a.shape, b.shape))
    return Array(
        a.kind if a.kind == b.kind else "numpy",
        shape,
        a.dtype if a.dtype == b.dtype else None,
        lo=join_bound(a.lo, b.lo, False),
        hi=join_bound(a.hi, b.hi, True),
        roles=a.roles if a.roles == b.roles else None,
        meta=join_meta(a, b) if a.kind == b.kind else None,
    )


def _join_runs(a: Run, b: Run) -> Run:
    """Two runs of the same length, place by place."""
    index = a.index if a.index is not None else b.index
    second = renamed(b, a)
    return Run(a.length, widen([a.element, second]), index)


def join_contents(a: Contents, b: Contents) -> Contents:
    """A sequence that holds either: the common beginning, then a run whose length lies between the two."""
    common = 0
    for x, y in zip(a.segments, b.segments):
        if not same_segment(x, y):
            break
        common += 1
    first, second = a.segments[common:], b.segments[common:]
    if len(first) == len(second) and not any(isinstance(s, Run) for s in first + second):
        return Contents((*a.segments[:common], *(join(x, y) for x, y in zip(first, second))))
    if not first and not second:
        return a
    short, long = Contents(first).length, Contents(second).length
    if len(first) == len(second) == 1 and short == long and isinstance(first[0], Run) and isinstance(second[0], Run):
        return Contents((*a.segments[:common], _join_runs(first[0], second[0])))
    elements = [somewhere(s) for s in first + second]
    length = short if short == long else _between([short, long], varying=False)
    run = Run(length, widen(elements))
    return Contents((*a.segments[:common], run))


def one_for_all(parts: list[Contents | None]) -> Contents | None:
    """One sequence that holds any of several; None where nothing is known about one of them."""
    made: Contents | None = None
    for contents in parts:
        if contents is None:
            return None
        made = contents if made is None else join_contents(made, contents)
    return made
