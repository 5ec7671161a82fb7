"""What a sequence holds: known elements, and runs of elements described by one expression of their index.

``[a, b, *rest]`` is two elements and a run. A run of length ``n`` has an index variable ``k``; its element at ``i`` is
the element value with ``k`` replaced by ``i``. The list that ``for i in range(len(data) - T): X.append(data[i:i + T])``
builds is one run of length ``len(data) - T``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Sequence as SequenceOf

from foreshape.domain.dim import Dim, DimLike, Var, of_atom, substitute, variables
from foreshape.domain.values import Array, Choice, DictValue, Int, Sequence, Typed, Value, int_value


class Run:
    """``length`` elements; ``element`` may mention ``index``, which runs over 0 .. length-1. ``pool``: the elements one by
    one, where they are known and only their order is not."""

    __slots__ = ("element", "index", "length", "pool")

    def __init__(
        self, length: DimLike, element: Value, index: Var | None = None, pool: tuple[Value, ...] | None = None
    ) -> None:
        self.length = length
        self.element = element
        self.index = index
        self.pool = pool

    def at(self, position: DimLike) -> Value:
        """The element at a position counted from the start of the run. Of lists and dicts, a write to one of them forgets
        what is known of all: which of them were written to is not followed."""
        if self.index is None:
            found = renewed(self.element)
        else:
            found = substitute_value(self.element, {self.index: position})
        return found if isinstance(self.length, int) and self.length == 1 else one_of_many(found, self.element)

    def __repr__(self) -> str:
        return f"Run({self.length} x {self.element!r})"


def one_of_many(value: Value, element: Value) -> Value:
    """A list, set or dict of its own that stands for the element of a run; those in a tuple each of their own."""
    made: Value
    if isinstance(value, Sequence) and value.kind == "tuple":
        parts = tuple(part if isinstance(part, Run) else one_of_many(part, part) for part in value.contents.segments)
        if all(new is old for new, old in zip(parts, value.contents.segments)):
            return value
        made = Sequence("tuple", Contents(parts), value.origin)
        made.tainted = value.tainted
        return made
    if isinstance(value, Sequence) and value.kind in ("list", "set", "deque"):
        made = Sequence(value.kind, value.contents, value.origin)
    elif isinstance(value, DictValue):
        made = DictValue(value.entries, value.rest, value.fields["size"], value.kind, value.origin)
    else:
        return value
    made.tainted = value.tainted
    made.fields["~stands for"] = (element,)
    return made


def renewed(value: Value) -> Value:
    """One of several ints that are not known one by one, or of lists whose lengths are not: each time another variable, so
    that no two of them are taken for the same."""
    dim = value.dim if isinstance(value, Int) else None
    if isinstance(value, Array) and value.shape == () and value.data is not None and isinstance(value.data[0], Dim):
        dim = value.data[0]
    if isinstance(value, Sequence):
        lengths = [part.length for part in value.contents.segments if isinstance(part, Run)]
        dim = next((each for each in lengths if isinstance(each, Dim)), None) if len(lengths) == 1 else None
    if dim is None:
        return value
    moving = {each: of_atom(Var(each.name, each.lo, each.hi, each.origin, varying=True, chance=each.chance))
              for each in variables(dim) if each.varying}  # fmt: skip
    return substitute_value(value, moving) if moving else value


Segment = Value | Run


class Contents:
    """An immutable sequence of segments. A segment that is a Value is one element."""

    __slots__ = ("segments",)

    def __init__(self, segments: Iterable[Segment] = ()) -> None:
        self.segments: tuple[Segment, ...] = tuple(segments)

    @property
    def length(self) -> DimLike:
        """The number of elements."""
        total: DimLike = 0
        for segment in self.segments:
            total = total + (segment.length if isinstance(segment, Run) else 1)
        return total

    def items(self, limit: int = 10_000) -> tuple[Value, ...] | None:
        """All elements, where each is known one by one (runs of a known length up to ``limit`` are written out)."""
        if not any(isinstance(segment, Run) for segment in self.segments):
            return self.segments  # type: ignore[return-value]
        found: list[Value] = []
        for segment in self.segments:
            if isinstance(segment, Run):
                if not isinstance(segment.length, int) or segment.length + len(found) > limit:
                    return None
                found.extend(segment.at(position) for position in range(segment.length))
            else:
                found.append(segment)
        return tuple(found)

    @property
    def pool(self) -> tuple[Value, ...] | None:
        """The elements in no known order, where that is all that is not known of them."""
        only = self.segments[0] if len(self.segments) == 1 else None
        return only.pool if isinstance(only, Run) else None

    def members(self, limit: int = 10_000) -> tuple[Value, ...] | None:
        """All elements one by one, for whoever does not care about their order."""
        return self.pool or self.items(limit)

    def at(self, position: DimLike) -> Value | None:
        """The element at a non-negative position that is known to exist, where it can be told which it is."""
        passed: DimLike = 0
        for number, segment in enumerate(self.segments):
            size = segment.length if isinstance(segment, Run) else 1
            offset = position - passed
            if isinstance(segment, Run):
                if number == len(self.segments) - 1:
                    return segment.at(offset)
                if isinstance(offset, int) and isinstance(size, int) and offset < size:
                    return segment.at(offset)
                if not isinstance(offset, int) or not isinstance(size, int):
                    return None
            elif isinstance(offset, int):
                if offset == 0:
                    return segment
            else:
                return None
            passed = passed + size
        return None

    def from_end(self, back: int) -> Value | None:
        """The element ``back`` places before the end (1 is the last), where it can be told which it is."""
        left = back
        for segment in reversed(self.segments):
            if isinstance(segment, Run):
                if isinstance(segment.length, int) and segment.length < left:
                    left -= segment.length
                    continue
                return segment.at(segment.length - left)
            if left == 1:
                return segment
            left -= 1
        return None

    def plus(self, other: Contents) -> Contents:
        """The elements of this one, then those of the other."""
        return Contents(self.segments + other.segments)

    def with_item(self, value: Value) -> Contents:
        """One more element at the end."""
        return Contents((*self.segments, value))

    def distinct(self) -> tuple[Value, ...]:
        """One value per segment: what every element looks like, index variables left in."""
        return tuple(segment.element if isinstance(segment, Run) else segment for segment in self.segments)

    def __repr__(self) -> str:
        return f"Contents{self.segments!r}"


def objects_in(array: Array) -> Contents | None:
    """What an array of Python objects holds, where that is known: one axis, one element after the other."""
    found = array.meta.get("items")
    if found is None or array.dtype != "object" or array.shape is None or len(array.shape) != 1:
        return None
    return found if found.length == array.shape[0] else None


def of(values: SequenceOf[Value]) -> Contents:
    """Contents with these elements."""
    return Contents(values)


def substitute_value(value: Value, mapping: Mapping[Var, DimLike]) -> Value:
    """The value with dimension variables replaced. Values that mention none of them are returned as they are."""
    made = _substituted(value, mapping)
    if made is not value:
        made.origin = value.origin
        made.tainted = value.tainted
    return made


def _substituted(value: Value, mapping: Mapping[Var, DimLike]) -> Value:
    if isinstance(value, Int):
        found = substitute(value.dim, dict(mapping))
        return value if isinstance(found, Dim) and found == value.dim else int_value(found)
    if isinstance(value, Array):
        return _substituted_array(value, mapping)
    if isinstance(value, Sequence):
        contents = substitute_contents(value.contents, mapping)
        return value if contents is value.contents else Sequence(value.kind, contents)
    if isinstance(value, DictValue):
        entries = {key: substitute_value(entry, mapping) for key, entry in value.entries.items()}
        if all(entries[key] is entry for key, entry in value.entries.items()):
            return value
        return DictValue(entries, value.rest, value.fields["size"], value.kind)
    if isinstance(value, Choice):
        options = tuple((condition, substitute_value(option, mapping)) for condition, option in value.options)
        if all(new[1] is old[1] for new, old in zip(options, value.options)):
            return value
        return Choice(options)
    if isinstance(value, Typed):
        bounds = (value.lo, value.hi, value.floor, value.ceil, value.length)
        if not any(isinstance(bound, Dim) for bound in bounds):
            return value
        names = dict(mapping)
        lo, hi, floor, ceil, length = (
            substitute(bound, names) if isinstance(bound, Dim) else bound for bound in bounds
        )
        return Typed(value.kind, lo=lo, hi=hi, condition=value.condition, floor=floor, ceil=ceil, length=length)  # type: ignore[arg-type]
    return value


def _substituted_array(value: Array, mapping: Mapping[Var, DimLike]) -> Array:
    names = dict(mapping)
    changes: dict[str, object] = {}
    if value.shape is not None and any(isinstance(dim, Dim) for dim in value.shape):
        shape = tuple(substitute(dim, names) if isinstance(dim, Dim) else dim for dim in value.shape)
        if shape != value.shape:
            changes = {"shape": shape, "roles": value.roles, "data": value.data}
    for side in ("lo", "hi"):
        bound = getattr(value, side)
        if isinstance(bound, Dim):
            moved = substitute(bound, names)
            if moved != bound:
                changes[side] = moved
    if value.data is not None and any(isinstance(item, Dim) for item in value.data):
        changes["data"] = tuple(substitute(item, names) if isinstance(item, Dim) else item for item in value.data)
    return value.replace(**changes) if changes else value


def substitute_contents(contents: Contents, mapping: Mapping[Var, DimLike]) -> Contents:
    """The contents with dimension variables replaced, or the very same object where nothing changes."""
    segments: list[Segment] = []
    changed = False
    for segment in contents.segments:
        if isinstance(segment, Run):
            length = substitute(segment.length, dict(mapping)) if isinstance(segment.length, Dim) else segment.length
            element = substitute_value(segment.element, mapping)
            if element is not segment.element or length != segment.length:
                changed = True
                segments.append(Run(length, element, segment.index))
            else:
                segments.append(segment)
        else:
            moved = substitute_value(segment, mapping)
            changed = changed or moved is not segment
            segments.append(moved)
    return Contents(segments) if changed else contents
