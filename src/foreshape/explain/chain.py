"""The way from the data to a fault: the values that a value was made from, where they say something about shapes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import is_none
from foreshape.domain.values import (
    Array,
    BoundMethod,
    Choice,
    Const,
    Instance,
    Int,
    IteratorValue,
    Sequence,
    Shape,
    Typed,
    Value,
)
from foreshape.explain.words import ROLE_WORDS

if TYPE_CHECKING:
    from foreshape.domain.dim import DimLike
    from foreshape.domain.origin import Origin

MOST_STEPS: Final = 8
FARTHEST: Final = 400

RECURRENT: Final = frozenset({"LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional"})
PLANES: Final = {1: ("steps",), 2: ("height", "width"), 3: ("depth", "height", "width")}
FRAMES: Final = ("pandas.", "sklearn.")


class Step:
    """A value on the way, with the expression that made it."""

    __slots__ = ("dtype", "origin", "shape", "value")

    def __init__(self, value: Value, origin: Origin, shape: Shape | None, dtype: str | None) -> None:
        self.value = value
        self.origin = origin
        self.shape = shape
        self.dtype = dtype

    @property
    def maker(self) -> str:
        """What makes it, as people call it: "Flatten", "reshape", "np.array"; "" where it is not a call."""
        return maker_of(self.origin)

    @property
    def axes(self) -> tuple[str | None, ...]:
        """A word per axis."""
        return axes_of(self.value, self.shape)


def maker_of(origin: Origin | None) -> str:
    """What an expression calls: a layer by its class, a function by its last name; "" where it is no call."""
    if origin is None:
        return ""
    if origin.what:
        return origin.what
    node = origin.node
    if isinstance(node, ast.Call):
        for given in origin.inputs:
            if isinstance(given, Instance) and _is_layer(given):
                return short_name(given)
        function = node.func
        if isinstance(function, ast.Call):
            function = function.func
        if isinstance(function, ast.Attribute):
            return function.attr
        if isinstance(function, ast.Name):
            return function.id
    return ""


def _is_layer(value: Instance) -> bool:
    owner = value.library_type or ""
    return owner.startswith(("keras.layers.", "keras.Layer", "torch.nn."))


def short_name(value: Instance) -> str:
    """The class of an object, as people call it."""
    return value.cls.name.rpartition(".")[2]


def shape_of(value: Value) -> tuple[Shape | None, str | None]:
    """The shape and dtype that a value has, or would have as an array."""
    if isinstance(value, Array):
        return value.shape, value.dtype
    if isinstance(value, (Sequence, IteratorValue)):
        contents = value.fields["contents"]
        if not all(isinstance(each, (Array, Sequence, Const, Int, Typed)) for each in contents.distinct()):
            return None, None
        elements = [
            shape_of(each) if isinstance(each, (Array, Sequence)) else ((), None) for each in contents.distinct()
        ]
        inner = {shape for shape, _ in elements}
        if len(inner) == 1 and (only := inner.pop()) is not None:
            return (contents.length, *only), elements[0][1]
        return (contents.length,), None
    if isinstance(value, Choice):
        return shape_of(value.values[0])
    return None, None


def axes_of(value: Value, shape: Shape | None) -> tuple[str | None, ...]:
    """A word per axis: what the value remembers, then what its maker is known to give."""
    if shape is None:
        return ()
    rank = len(shape)
    found: list[str | None] = [None] * rank
    if isinstance(value, Array) and value.roles is not None and len(value.roles) == rank:
        found = [None if role is None else ROLE_WORDS.get(role, role) for role in value.roles]
    if isinstance(value, Array) and value.kind == "keras" and rank and found[0] is None:
        found[0] = "batch"
    names = layer_axes(value, rank)
    for number, word in enumerate(names):
        if found[number] is None:
            found[number] = word
    return tuple(found)


def layer_axes(value: Value, rank: int) -> tuple[str | None, ...]:
    """The axes that a Keras layer gives."""
    maker = maker_of(value.origin)
    if not maker:
        return ()
    if maker in RECURRENT or maker == "RepeatVector" or maker == "Embedding":
        return {2: ("batch", "features"), 3: ("batch", "timesteps", "features")}.get(rank, ())
    for ending in ("1D", "2D", "3D"):
        if not maker.endswith(ending):
            continue
        planes = PLANES[int(ending[0])]
        if rank == len(planes) + 2:
            return ("batch", *planes, "channels")
        if rank == 2 and maker.startswith("Global"):
            return ("batch", "features")
    if maker in ("Flatten", "Dense") and rank == 2:
        return ("batch", "features")
    return ()


def following(value: Value) -> Value | None:
    """The value that this one was mainly made from, None where it begins here."""
    origin = value.origin
    if origin is None:
        return _first_element(value)
    shape, _ = shape_of(value)
    arrays: list[Value] = []
    others: list[Value] = []
    for given in origin.inputs:
        if given is value:
            continue
        if isinstance(given, BoundMethod):
            given = given.receiver
        if isinstance(given, Array):
            if given.shape != ():
                arrays.append(given)
        elif isinstance(given, (Sequence, IteratorValue)):
            if not isinstance(origin.node, ast.List) and _holds_arrays(given):
                others.append(given)
        elif isinstance(given, Instance) and (given.library_type or "").startswith(FRAMES):
            others.append(given)
    if arrays:
        return next((array for array in arrays if shape_of(array)[0] == shape), _largest(arrays))
    if others:
        return others[0]
    return _first_element(value)


def _largest(arrays: list[Value]) -> Value:
    """The one with the most axes, the first of several."""
    return max(
        arrays, key=lambda array: len(array.shape) if isinstance(array, Array) and array.shape is not None else -1
    )


def _holds_arrays(value: Sequence | IteratorValue, depth: int = 0) -> bool:
    for each in value.fields["contents"].distinct():
        if isinstance(each, Array) and each.shape != ():
            return True
        if isinstance(each, Sequence) and depth < 3:
            if value.origin is not None and isinstance(value.origin.node, (ast.List, ast.ListComp)):
                return True
            if _holds_arrays(each, depth + 1):
                return True
    return isinstance(value, Sequence) and value.kind == "list" and depth == 0


def _first_element(value: Value) -> Value | None:
    """What a list was filled with."""
    if not isinstance(value, (Sequence, IteratorValue)):
        return None
    for each in value.fields["contents"].distinct():
        if isinstance(each, Array) and each.origin is not None and each.shape != ():
            return each
    return None


def way(value: Value) -> list[Step]:
    """Every step from the data down to the value; values without a place of their own are passed over."""
    found: list[Step] = []
    seen: set[int] = set()
    current: Value | None = value
    while current is not None and id(current) not in seen and len(seen) < FARTHEST:
        seen.add(id(current))
        if isinstance(current, Choice):
            current = current.values[0]
            continue
        if current.origin is not None and not isinstance(current, Const):
            shape, dtype = shape_of(current)
            found.append(Step(current, current.origin, shape, dtype))
        current = following(current)
    found.reverse()
    return found


def telling(steps: list[Step], dtypes: bool = False) -> list[Step]:
    """The steps that change the shape (or the dtype), with the first and the last; of many the last ones."""
    kept: list[Step] = []
    for number, step in enumerate(steps):
        if step.shape is None and not (number == 0 and len(steps) > 1):
            continue
        if kept and unchanged(kept[-1].shape, step.shape) and (not dtypes or kept[-1].dtype == step.dtype):
            continue
        if isinstance(step.value, Sequence) and _only_groups(step.value, number):
            continue
        before = steps[number - 1] if number else step
        if is_part(step.origin, before.origin) and step.origin.inputs == (before.value,):
            continue  # a batch or a timestep that was cut off it
        kept.append(step)
    if len(kept) > MOST_STEPS:
        kept = [kept[0], *kept[len(kept) - MOST_STEPS + 1 :]]
    return kept


def is_part(origin: Origin, whole: Origin) -> bool:
    """Whether a library cut the one off the other: the same expression made both."""
    return origin.node is whole.node and origin.what == whole.what


def _only_groups(value: Sequence, number: int) -> bool:
    """A tuple, or a list written out of arrays that are there already: it only hands them on together."""
    if value.kind == "tuple":
        return number > 0
    node = None if value.origin is None else value.origin.node
    return (
        isinstance(node, ast.List)
        and bool(node.elts)
        and any(isinstance(each, Array) for each in value.contents.distinct())
    )


def unchanged(before: Shape | None, after: Shape | None) -> bool:
    """Whether two shapes are the same, or differ only in that the one is a batch of the other."""
    if before is None or after is None or len(before) != len(after) or not after:
        return before == after
    return before[1:] == after[1:] and (before[0] == after[0] or is_none(after[0]))


def changed_at(steps: list[Step], wrong: DimLike, axis: int) -> Step | None:
    """The last step from which on the axis (counted from the end) has this size."""
    found: Step | None = None
    for step in reversed(steps):
        if step.shape is None or len(step.shape) < -axis or step.shape[axis] != wrong:
            break
        found = step
    return found


def elsewhere(whole: Shape | None, needs: DimLike, axis: int) -> int:
    """The axis on which the wanted size stands where another one is read; 0 where none does."""
    if whole is None or len(whole) < 3:
        return 0
    read = axis % len(whole)
    return next((place for place in range(1, len(whole)) if place != read and whole[place] == needs), 0)


def joined_axes(steps: list[Step], start: Step | None, got: DimLike) -> str:
    """ " (16 x 6 x 6)" where a flatten or view made one axis of several."""
    if start is None or start.maker.lower() not in ("flatten", "view", "reshape") or start is steps[0]:
        return ""
    sources = [shape_of(each)[0] for each in start.origin.inputs if isinstance(each, Array)]
    before = sources[0] if sources else steps[steps.index(start) - 1].shape if start in steps else None
    if before is None or len(before) < 3 or not all(isinstance(size, int) for size in before[1:]):
        return ""
    total = 1
    for size in before[1:]:
        total *= size  # type: ignore[assignment]
    return f" ({' x '.join(str(size) for size in before[1:])})" if total == got else ""


def left_axes(before: Step, after: Step) -> str:
    """What happened to the axes between two steps, in words; "" where nothing needs to be said."""
    if before.shape is None or after.shape is None:
        return ""
    old, new = [word for word in before.axes if word], [word for word in after.axes if word]
    gone = [word for word in old if word not in new and word != "batch"]
    maker = after.maker
    if len(after.shape) < len(before.shape):
        if maker == "Flatten" and gone:
            words = [word for word in old if word != "batch"]
            return f"{', '.join(words[:-1])} and {words[-1]} become one axis" if len(words) > 1 else ""
        if maker in RECURRENT:
            return "only the last timestep is left"
        if len(gone) == 1 and not isinstance(after.value, Sequence):  # a list of arrays takes nothing away from them
            return f"the {gone[0]} axis is gone"
    return ""
