"""Reshaping, joining and splitting arrays."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from foreshape.domain.dim import Dim, DimLike, product
from foreshape.domain.origin import Origin
from foreshape.domain.values import Array, Shape, Value
from foreshape.explain.telling import Prose, items_of
from foreshape.explain.words import axes_count, count, fitting, listed, ordinal

if TYPE_CHECKING:
    from foreshape.explain.telling import Telling
    from foreshape.faults.axis_range import AxisRange
    from foreshape.faults.join_mismatch import JoinMismatch
    from foreshape.faults.ragged_array import RaggedArray
    from foreshape.faults.reshape_size import ReshapeSize
    from foreshape.faults.split_size import SplitSize
    from foreshape.faults.squeeze_size import SqueezeSize
    from foreshape.faults.transpose_axes import TransposeAxes


def _times(told: Telling, shape: Shape) -> str:
    """``5 x 5 x 64 = 1600``"""
    if len(shape) == 1:
        return told.dim(shape[0])
    total = product(shape)
    text = " x ".join(told.dim(size) for size in shape)
    return f"{text} = {total}" if isinstance(total, int) else text


def reshape_size(told: Telling) -> Prose:
    """ "data has 100 elements, which cannot become (10, 8)"."""
    fault: ReshapeSize = told.fault  # type: ignore[assignment]
    value = told.value()
    name = told.giver(value, "the array")
    verb = "is" if told.from_data(value) else "gives"
    shape = told.shape(fault.shape, value)
    asked = tuple(size for size in fault.target if size != -1)
    target = told.sizes.shape(fault.target)
    per_sample = fault.taker == "Reshape"
    have = product(fault.shape)
    want = product(asked)
    open_ended = len(asked) < len(fault.target)
    if isinstance(have, int) and isinstance(want, int):
        numbers = f"{have} numbers{' per sample' if per_sample else ''}"
        if open_ended:
            head = fitting(
                f"{name} {verb} {shape}: {numbers} cannot be cut into parts of {_times(told, asked)} for {target}",
                f"{name} {verb} {shape}: {numbers} cannot be cut into parts of {want} for {target}",
                f"{name} {verb} {shape}: {numbers} cannot become {target}",
            )
        else:
            head = f"{name} {verb} {shape}, {numbers}, but {target} holds {want}"
    else:
        head = f"{name} {verb} {shape}, which cannot become {target}: the numbers of elements differ"
    prose = Prose(head, _why_reshape(told, fault, have, want, open_ended), remark=f"asked for {target}")
    prose.fails = told.layer_origin()
    prose.fails_label = f"{want} numbers" if isinstance(want, int) and not open_ended else ""
    argument = None if per_sample else _target_argument(told)
    if per_sample and told.layer_origin() is not None:
        prose.cause = told.layer_origin()
        prose.cause_label = f"asks for {_times(told, asked)}"
        prose.fails_label = ""  # both stand at the same place, and say the same
    elif argument is not None:
        prose.cause = argument
        prose.cause_label = f"holds {_times(told, asked)}" if not open_ended else f"rows of {_times(told, asked)}"
    return prose


def _target_argument(told: Telling) -> Origin | None:
    node = told.node
    if not isinstance(node, ast.Call):
        return None
    for keyword in node.keywords:
        if keyword.arg in ("shape", "newshape", "target_shape"):
            return Origin(told.path, keyword.value)
    method = isinstance(node.func, ast.Attribute) and not (
        isinstance(node.func.value, ast.Name) and node.func.value.id in ("np", "numpy", "tf", "torch")
    )
    places = node.args if method else node.args[1:]
    return Origin(told.path, places[0]) if len(places) == 1 else None


def _why_reshape(told: Telling, fault: ReshapeSize, have: DimLike, want: DimLike, open_ended: bool) -> str:
    if open_ended:
        text = f"-1 is worked out from the rest, so the number of elements has to be a multiple of {told.dim(want)}."
    else:
        text = "A reshape keeps every number and only cuts them into other rows: both shapes hold as many."
    first = fault.target[0] if fault.target else None
    if (
        isinstance(have, int)
        and isinstance(want, int)
        and isinstance(first, int)
        and 0 < have - want < want // max(first, 1)
    ):
        text += f" {have} is {first} x {want // first} and {have - want} more, which do not fill another row."
    elif isinstance(have, int) and isinstance(want, int) and want and have % want == 0 and not open_ended:
        text += f" {have} is {have // want} x {want}: an axis of {have // want}, or -1, is missing in front."
    elif isinstance(have, int) and len(fault.shape) > 1:
        text += f" There are {_times(told, fault.shape)}."
    return text


def squeeze_size(told: Telling) -> Prose:
    """ "axis 1 of x (32, 10) is 10, so it cannot be squeezed away"."""
    fault: SqueezeSize = told.fault  # type: ignore[assignment]
    value = told.value()
    size = fault.shape[fault.axis] if -len(fault.shape) <= fault.axis < len(fault.shape) else None
    return Prose(
        f"axis {fault.axis} of {told.name(value, 'the array')} {told.shape(fault.shape, value)} is {told.dim(size)}, "
        "so it cannot be squeezed away",
        "Only an axis of size 1 can go without losing numbers.",
        cause=told.argument("axis", 1 if told.called().startswith(("np.", "numpy.", "tf.")) else 0),
        cause_label=f"has size {told.dim(size)}",
    )


def transpose_axes(told: Telling) -> Prose:
    """ "transpose gets the order (1, 0) for an array of 3 axes"."""
    fault: TransposeAxes = told.fault  # type: ignore[assignment]
    value = told.value()
    shape = told.shape_of(value)
    name = told.name(value, "the array")
    shown = f"{name} {told.shape(shape, value)}" if shape is not None and isinstance(value, Array) else f"{name}"
    order = f"({', '.join(map(str, fault.axes))}{',' if len(fault.axes) == 1 else ''})"
    if len(fault.axes) != fault.rank:
        head = f"{fault.taker} gets {count(len(fault.axes), 'axis', 'axes')}, {order}, for {shown} with {axes_count(fault.rank)}"
    else:
        head = f"{fault.taker} gets the order {order}, which does not name each of the {axes_count(fault.rank)} once"
    why = "The order names every axis of the array, and each once."
    if fault.taker == "Permute":
        why += " Permute counts from 1 and leaves the batch axis out."
        head = f"Permute gets the order {order}: each axis from 1 to {fault.rank} has to appear once"
    return Prose(head, why, fails=told.layer_origin() if fault.taker == "Permute" else None)


def _operand(told: Telling) -> str:
    """What a method is called on, as it is written: ``model(x)`` in ``model(x).argmax(dim=2)``."""
    node = told.node
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or told.layer is not None:
        return ""
    owner = node.func.value
    if not isinstance(owner, (ast.Call, ast.Subscript)):
        return ""
    text = told.sources.text(told.path, owner, 40)
    return text if len(text) <= 24 else ""


def axis_range(told: Telling) -> Prose:
    """ "axis 2 of scores (32, 10) does not exist: it has the axes 0 and 1"."""
    fault: AxisRange = told.fault  # type: ignore[assignment]
    value = told.value()
    shape = told.shape_of(value)
    known = isinstance(value, Array) and shape is not None and len(shape) == fault.rank
    name = _operand(told) or told.name(value, "the array")
    shown = f"{name} {told.shape(shape, value)}" if known else name
    if fault.raises is not None and fault.raises.by == "pandas":
        return _axis_of_a_table(told, fault, shown)
    if fault.rank == 0:
        has = "it is a single number"
    elif fault.rank == 1:
        has = "it has axis 0 only"
    else:
        has = f"its axes are {listed([str(axis) for axis in range(fault.rank)])}"
    return Prose(
        f"{fault.taker} asks for axis {fault.axis} of {shown}: {has}",
        "Axes count from 0, or from -1 backwards.",
        cause=told.argument("axis"),
        cause_label=has,
    )


def _axis_of_a_table(told: Telling, fault: AxisRange, shown: str) -> Prose:
    """ "sum asks for axis 2 of df (12, 4): a table has axis 0 (rows) and axis 1 (columns)"."""
    if fault.rank == 1:
        has, why = (
            "a Series has axis 0 only",
            "A Series is one column. Take a DataFrame, df[['name']], to work across columns.",
        )
    else:
        has, why = (
            "a table has axis 0 (rows) and axis 1 (columns)",
            (
                "axis=1 goes across the columns (or puts tables side by side), axis=0 down the rows. "
                "Axes are not counted from the end, as NumPy does."
            ),
        )
    asked = f"axis {fault.axis}" if isinstance(fault.axis, int) else f"an axis called {fault.axis!r}"
    return Prose(
        f"{fault.taker} asks for {asked} of {shown}: {has}",
        why,
        cause=told.argument("axis"),
        cause_label="there is no such axis",
    )


def split_size(told: Telling) -> Prose:
    """ "100 rows cannot be split into 3 equal parts"."""
    fault: SplitSize = told.fault  # type: ignore[assignment]
    value = told.value()
    name = told.name(value, "the array")
    where = f"along axis {fault.axis}" if fault.axis else "along its first axis"
    return Prose(
        f"{name} holds {told.dim(fault.size)} {where}, which cannot be cut into {fault.sections} equal parts",
        "split needs equal parts; np.array_split makes the last ones shorter, and a list of positions cuts where you say.",
        cause=told.argument("indices_or_sections", 1),
        cause_label=f"{fault.sections} parts of {told.dim(fault.size)}",
    )


# -- joining ------------------------------------------------------------------------------------------------------------


def join_mismatch(told: Telling) -> Prose:
    """ "concatenate joins along axis 1, so axis 0 has to agree: a is (100, 3), b is (90, 1)"."""
    fault: JoinMismatch = told.fault  # type: ignore[assignment]
    shapes = fault.shapes
    parts = _parts(told, shapes)
    first, second = shapes[fault.first], shapes[fault.second]
    a = _part(told, parts, fault.first, first)
    b = _part(told, parts, fault.second, second)
    name, text = a.rpartition(" is ")[0], b.rpartition(" is ")[0]
    if name and name == text:
        a, b = f"{name} is {told.sizes.shape(first)} in one part", f"{told.sizes.shape(second)} in another"
    if len(first) != len(second) or (fault.differs is None and fault.taker != "stack"):
        head = fitting(
            f"{fault.taker} needs parts with the same number of axes, but {a} and {b}",
            f"{fault.taker} cannot join parts of {axes_count(len(first))} and of {len(second)}: {a}, {b}",
            f"{fault.taker} cannot join parts of {axes_count(len(first))} and of {len(second)}",
        )
        why = "An axis of size 1 counts, too: x[:, None] or np.newaxis adds one."
    elif fault.taker == "stack":
        head = f"stack needs parts of one shape, but {a} and {b}"
        why = "stack puts parts on top of each other along a new axis, so all of them have the same shape."
        if isinstance(told.node, (ast.For, ast.AsyncFor)) or (
            told.node is not None and not told.called().endswith("stack")
        ):
            head = f"a batch needs samples of one shape, but {a} and {b}".replace(
                " in one part and ", " in one sample and "
            )
            why = "The DataLoader stacks the samples of a batch on top of each other; a collate_fn can pad them to one length first."
    else:
        head = fitting(
            f"{fault.taker} along {_axis(fault.axis)} needs the same size in axis {fault.differs}, but {a} and {b}",
            f"{fault.taker} needs the same size in axis {fault.differs}, but {a} and {b}",
            f"{fault.taker} needs the same size in axis {fault.differs}, but gets {told.sizes.shape(first)} and "
            f"{told.sizes.shape(second)}",
        )
        why = f"Parts are joined along {_axis(fault.axis)} only; every other axis has to agree."
    held = [parts[number] if number < len(parts) else None for number in (fault.first, fault.second)]
    prose = Prose(head, why, fails=told.layer_origin(), beside=tuple(held))
    prose.subject = held[1]
    made = told.made_before(held[1])
    if made is not None:
        prose.cause = made
    return prose


def _axis(number: int) -> str:
    return "its last axis" if number == -1 else f"axis {number}"


def _parts(told: Telling, shapes: tuple[Shape, ...]) -> list[Value | None]:
    """The parts that are joined, in their order."""
    values = [value for value in told.fault.values if isinstance(value, Array)]
    if len(values) > len(shapes):
        values = values[len(values) - len(shapes) :]
    if len(values) == len(shapes):
        return list(values)
    for value in told.fault.values:
        items = items_of(value)
        if len(items) == len(shapes):
            return list(items)
    return []


def _part(told: Telling, parts: list[Value | None], number: int, shape: Shape) -> str:
    value = parts[number] if number < len(parts) else None
    otherwise = f"the {ordinal(number + 1)}"
    name = _numbered(told, parts, number) or told.written_at(number)
    name = name or (told.giver(value, otherwise) if value is not None else otherwise)
    text = told.shape(shape, value) if value is not None else told.sizes.shape(shape, ("batch",) if told.layer else ())
    return f"{name if len(name) <= 20 else otherwise} is {text}"


def _numbered(told: Telling, parts: list[Value | None], number: int) -> str:
    """``branches[1]`` where all parts stand in one list; "" where each is written by itself."""
    node = told.node
    if not isinstance(node, ast.Call) or len(parts) < 2:
        return ""
    given = [each for each in node.args if not isinstance(each, ast.Constant)]
    if len(given) != 1 or not isinstance(given[0], (ast.Name, ast.Attribute)) or told.called().startswith("x."):
        return ""
    return f"{told.sources.text(told.path, given[0], 40)}[{number}]"


def ragged_array(told: Telling) -> Prose:
    """ "np.array gets rows of different lengths, 3, 2 and 4: they cannot be one array"."""
    fault: RaggedArray = told.fault  # type: ignore[assignment]
    value = told.value()
    taker = fault.taker if "." in fault.taker or not told.called() else told.called()
    lengths = [told.dim(size) for size in fault.sizes if size is not None]
    differing = list(dict.fromkeys(lengths))
    name = told.name(value)
    rows = "rows" if fault.axis == 1 else "parts"
    what = f"{name} holds {rows}" if name and len(name) <= 30 else f"it gets {rows}"
    if fault.drawn and len(differing) == 2:
        head = f"{taker} cannot make one array: {what} of random lengths, {differing[0]} to {differing[1]}"
    elif len(differing) >= 2:
        shown = listed(differing[:4]) if len(differing) <= 4 else f"{', '.join(differing[:4])} and more"
        head = f"{taker} cannot make one array: {what} of different lengths, {shown}"
    elif any(size is None for size in fault.sizes):
        head = f"{taker} cannot make one array: {what} and single numbers mixed"
    else:
        head = f"{taker} cannot make one array: {what} of different lengths"
    prose = Prose(
        head,
        "Every row of an array has the same length. Sequences of different lengths are padded first (keras.utils."
        "pad_sequences makes them equally long), or stay a list.",
        subject=value,
    )
    if told.fault.raises is None:
        prose.also = ("NumPy makes an array of Python lists of it instead, with dtype object and one axis.",)
    start = _list_of(told, value)
    if start is not None and start.node is not told.node:
        prose.cause = start
        prose.cause_label = f"lengths {listed(differing[:4])}" if len(differing) > 1 else "lengths differ"
        if fault.drawn:
            prose.cause_label = "lengths are drawn at random"
    return prose


def _list_of(told: Telling, value: Value | None) -> Origin | None:
    """Where the list is written, or what is appended to it where it was begun empty."""
    if value is None or value.origin is None:
        return None
    origin = value.origin
    tree = told.sources.file(origin.path).tree
    if not isinstance(origin.node, ast.List) or origin.node.elts or origin.name is None or tree is None:
        return origin
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "append"
            and isinstance(node.func.value, (ast.Name, ast.Attribute))
            and origin.name in (getattr(node.func.value, "id", None), getattr(node.func.value, "attr", None))
            and node.lineno > origin.node.lineno
            and node.args
        ):
            return Origin(origin.path, node.args[0])
    return origin


def symbolic(size: DimLike) -> bool:
    """Whether a size is not a plain number."""
    return isinstance(size, Dim)
