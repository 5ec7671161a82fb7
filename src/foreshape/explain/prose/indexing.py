"""Indices, keys and unpacking."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from foreshape.domain.origin import Origin
from foreshape.domain.values import Const, Typed
from foreshape.explain.places import names_in
from foreshape.explain.telling import Prose
from foreshape.explain.words import axes_count, count, listed

if TYPE_CHECKING:
    from foreshape.explain.telling import Telling
    from foreshape.faults.index_range import IndexRange
    from foreshape.faults.index_type import IndexType
    from foreshape.faults.mask_shape import MaskShape
    from foreshape.faults.missing_key import MissingKey
    from foreshape.faults.too_many_indices import TooManyIndices
    from foreshape.faults.unpack_mismatch import UnpackMismatch


def _subscript(told: Telling) -> tuple[str, ast.expr | None]:
    """The text of what is indexed, and the index."""
    node = told.node
    if isinstance(node, ast.Subscript):
        return told.sources.text(told.path, node.value, 40), node.slice
    return "", None


def index_range(told: Telling) -> Prose:
    """ "series[i + 10] reaches index 100, but series has 100 elements (0 to 99)"."""
    fault: IndexRange = told.fault  # type: ignore[assignment]
    owner, index = _subscript(told)
    text = told.text()
    size = told.dim(fault.size)
    whole = told.shape_of(told.value())
    flat = whole is not None and len(whole) == 1
    where = f" along axis {fault.axis}" if fault.axis is not None and not flat else ""
    holder = owner or told.name(told.value(), fault.taker)
    wanted = told.dim(fault.index)
    spelled = index is not None and told.sources.text(told.path, index, 40) == wanted
    reach = (
        f"{text} reaches index {wanted}" if text and len(text) < 40 and not spelled else f"index {wanted} is asked for"
    )
    if spelled:
        reach = f"{text} is past the end"
    if fault.size == 0:
        has = f"{holder} is empty{where}"
    elif isinstance(fault.size, int):
        last = f" (0 to {fault.size - 1})" if fault.size > 1 else " (index 0)"
        has = f"{holder} has {count(fault.size, 'element')}{where}{last}"
    else:
        has = f"{holder} has {size} elements{where}"
    prose = Prose(f"{reach}, but {has}", "Indices count from 0, so the last one is the length minus 1.")
    if isinstance(index, ast.Tuple) and fault.axis is not None and 0 <= fault.axis < len(index.elts):
        along = index.elts[fault.axis]
        if isinstance(along, ast.Constant) and isinstance(along.value, int):
            index = along  # a number that is written there: no loop runs over it
    loop = _loop_of(told, index)
    made = told.origin(told.value())
    if fault.taker == "to_categorical":
        classes = f"{size} classes, 0 to {fault.size - 1}" if isinstance(fault.size, int) else f"{size} classes"
        prose = Prose(
            f"to_categorical makes {classes}, but {holder} holds {wanted}",
            "Class numbers count from 0, so the largest is the number of classes minus 1.",
        )
    elif loop is not None and not _counts(loop) and made is not None and fault.index == fault.size:
        prose.cause = made
        prose.cause_label = f"room for {size}"
        prose.why = "Numbers that start at 1 need one place more than there are of them, since place 0 counts, too."
    elif loop is not None and _counts(loop):
        prose.cause = loop
        prose.cause_label = "runs too far"
        prose.why = (
            "The index of the last round is the end of the range minus 1; what is added to it in the loop has to fit below the "
            "length."
        )
    elif index is not None:
        prose.cause = Origin(told.path, index)
        prose.cause_label = has.removeprefix(f"{holder} ")
        if isinstance(index, ast.Constant) and isinstance(fault.size, int) and fault.size > 1:
            prose.cause_label = f"0 to {fault.size - 1} only"
    return prose


def _loop_of(told: Telling, index: ast.expr | None) -> Origin | None:
    """The ``range(...)`` of the loop that the index runs over."""
    tree = told.sources.file(told.path).tree
    if index is None or tree is None or told.node is None:
        return None
    used = set(names_in(index))
    row = told.finding.span.line
    found: Origin | None = None
    for node in ast.walk(tree):
        loops: list[tuple[ast.expr, ast.expr]] = []
        if not isinstance(node, (ast.For, ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp)):
            continue
        if not node.lineno <= row <= (node.end_lineno or node.lineno):
            continue
        if isinstance(node, ast.For):
            loops = [(node.target, node.iter)]
        else:
            loops = [(each.target, each.iter) for each in node.generators]
        for target, over in loops:
            if used & set(names_in(target)):
                found = Origin(told.path, over)
    return found


def _counts(loop: Origin) -> bool:
    """Whether a loop runs over a ``range``."""
    return any(isinstance(each, ast.Name) and each.id in ("range", "arange") for each in ast.walk(loop.node))


def index_type(told: Telling) -> Prose:
    """ "a float is used as an index: positions are whole numbers"."""
    fault: IndexType = told.fault  # type: ignore[assignment]
    owner, index = _subscript(told)
    if isinstance(index, ast.Slice):
        bounds = [each for each in (index.lower, index.upper, index.step) if each is not None]
        index = next((each for each in bounds if not isinstance(each, ast.Constant)), bounds[0] if bounds else index)
    text = "" if index is None else told.sources.text(told.path, index, 30)
    what = f"{text} is of type {fault.got}" if text else f"the index is of type {fault.got}"
    prose = Prose(
        f"{what}, which cannot be an index of {owner or told.name(told.value(), 'it')}",
        "An index is a whole number, a slice, or an array of whole numbers or of True and False. / always gives a float; // gives "
        "a whole number.",
    )
    if index is not None:
        prose.cause = Origin(told.path, index)
        prose.cause_label = fault.got
        position = next((each for each in fault.values if isinstance(each, (Const, Typed))), None)
        made = told.origin(position)
        if made is not None and isinstance(index, ast.Name) and isinstance(made.node, (ast.BinOp, ast.Call)):
            prose.group = made  # all that is cut there is cut wrongly for one reason
            prose.marks = ((made, f"gives a {fault.got}"),)
    return prose


def too_many_indices(told: Telling) -> Prose:
    """ "prices[:, 0] takes 2 axes, but prices is (3,)"."""
    fault: TooManyIndices = told.fault  # type: ignore[assignment]
    owner, _ = _subscript(told)
    value = told.value()
    name = owner or told.name(value, "the array")
    text = told.text()
    text = text if text and len(text) < 40 else "the index"
    shape = told.shape(fault.shape, value)
    has = "a single number" if not fault.shape else shape
    prose = Prose(
        f"{text} indexes {axes_count(fault.given)}, but {name} is {has}",
        "Each index takes one axis. A column, with the shape (n, 1), is not the same as a vector, (n,).",
    )
    made = told.made_before(value)
    if made is not None:
        prose.cause = made
        prose.cause_label = axes_count(len(fault.shape))
    return prose


def mask_shape(told: Telling) -> Prose:
    """ "the mask has 10 entries along axis 0, but x has 100"."""
    fault: MaskShape = told.fault  # type: ignore[assignment]
    owner, index = _subscript(told)
    value = told.value()
    text = "the mask" if index is None else told.sources.text(told.path, index, 24)
    name = owner or told.name(value, "the array")
    return Prose(
        f"the mask {text} is {told.shape(fault.mask)}, but {name} is {told.shape(fault.shape, value)}".replace(
            "the mask the mask", "the mask"
        ),
        "A mask holds True or False for each element (or each row) of exactly the array that it is used on.",
        cause=None if index is None else Origin(told.path, index),
        cause_label=told.shape(fault.mask),
    )


def unpack_mismatch(told: Telling) -> Prose:
    """ "2 names for 3 values"."""
    fault: UnpackMismatch = told.fault  # type: ignore[assignment]
    value = told.value()
    given = told.dim(fault.values_given)
    least = "at least " if fault.starred else ""
    name = told.name(value, "the right side")
    if fault.of_graph:
        held = told.shape_of(value)
        right = told.node.value if isinstance(told.node, ast.Assign) else None
        name = right.id if isinstance(right, ast.Name) else "what is unpacked" if right is None else name
        size = "" if held is None else f", {told.shape(held)},"
        return Prose(
            f"{name} is one tensor{size} but is unpacked into {count(fault.names, 'name')}",
            "A step of fit, or a tf.function, is traced as a graph, and a tensor of a graph cannot be unpacked. A train_step gets "
            "(inputs, labels) only where fit is given both; of inputs alone it gets the tensor itself.",
        )
    if fault.of_shape:
        head = f"{name} has {given} {'axis' if given == '1' else 'axes'}, but is unpacked into {least}{count(fault.names, 'name')}"
        why = "x.shape holds one number per axis."
    else:
        noun = "value" if given == "1" else "values"
        right = told.node.value if isinstance(told.node, ast.Assign) else None
        if (
            isinstance(right, ast.Call)
            and value is not None
            and value.origin is not None
            and value.origin.node is not right
        ):
            called = told.sources.text(told.path, right.func, 36)
            name = f"{called}(...)" if called and value.origin.name is None else name
        head = f"{name} gives {given} {noun}, but is unpacked into {least}{count(fault.names, 'name')}"
        why = "Each name on the left takes one value; a starred name takes the rest."
    return Prose(head, why)


def missing_key(told: Telling) -> Prose:
    """ "config has no key 'unit': it has 'units' and 'epochs'"."""
    fault: MissingKey = told.fault  # type: ignore[assignment]
    owner, index = _subscript(told)
    name = owner or told.name(told.value(), "the dict")
    known = [key for key in fault.known if len(key) < 30]
    has = (
        f": it has {listed(known[:5])}"
        if 0 < len(known) <= 5
        else f": it has {', '.join(known[:5])}, ..."
        if known
        else ""
    )
    prose = Prose(f"{name} has no key {fault.key}{has}", _near(fault.key, fault.known))
    if index is not None:
        prose.cause = Origin(told.path, index)
        prose.cause_label = "no such key"
        shown = told.sources.text(told.path, index, 30)
        if fault.dated:
            prose.headline = f"{name} has dates for labels, so {name}[{shown}] finds no row: {shown} is a position"
            prose.why = f"A Series is indexed by its labels. Positions go through {name}.iloc[{shown}]; .to_numpy() has no labels."
            prose.cause_label = "positions, not dates"
    return prose


def _near(key: str, known: tuple[str, ...]) -> str:
    from difflib import get_close_matches

    found = get_close_matches(key, known, 1, 0.7)
    return f"{found[0]} is close to it: one of the two may be misspelt." if found else ""
