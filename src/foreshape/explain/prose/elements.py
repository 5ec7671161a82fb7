"""Dtypes, and arrays where one number is wanted."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from foreshape.explain.telling import Prose
from foreshape.explain.words import article, listed

if TYPE_CHECKING:
    from foreshape.explain.telling import Telling
    from foreshape.faults.ambiguous_truth import AmbiguousTruth
    from foreshape.faults.device_mismatch import DeviceMismatch
    from foreshape.faults.dtype_mismatch import DtypeMismatch
    from foreshape.faults.scalar_conversion import ScalarConversion
    from foreshape.faults.value_conversion import ValueConversion


def dtype_mismatch(told: Telling) -> Prose:
    """ "images /= 255 gives float64, which cannot be stored in uint8"."""
    fault: DtypeMismatch = told.fault  # type: ignore[assignment]
    value = told.value()
    got = listed(list(dict.fromkeys(each.replace("weak ", "Python's ") for each in fault.got)))
    name = told.name(value, "it")
    torch = told.fault.raises is not None and told.fault.raises.by.startswith("torch")
    fractions = told.fault.raises is not None and told.fault.raises.by.startswith("scikit-learn")
    in_place = isinstance(told.node, ast.AugAssign) or (torch and fault.taker.endswith("_"))
    if in_place and fault.wanted is not None:
        text = told.text()
        head = f"{text or fault.taker} gives fractions, and {name} holds {fault.wanted}"
        if not fault.wanted.startswith(("int", "uint")):
            head = f"{text or fault.taker} gives {got}, which {name}, of dtype {fault.wanted}, cannot hold"
        why = 'An operation in place keeps the dtype of the array: x = x / 255 makes a new one, astype("float32") one that fits.'
        if torch:
            why = "An operation in place keeps the dtype of the tensor: without it a new one is made, .float() makes one that fits."
    elif fault.taker == "merge":
        head = (
            f"merge compares {fault.wanted!r} of both sides, but one holds {fault.got[0]} and the other {fault.got[1]}"
        )
        why = (
            "Texts, dates and numbers never equal each other: pd.to_datetime makes dates of texts, astype changes the rest, "
            "before the merge."
        )
        return Prose(head, why)
    elif fractions:
        head = f"{fault.taker} compares class numbers, but {name} holds fractions ({fault.got[0]})"
        why = (
            "predict gives a probability for each sample, not a class: (p > 0.5).astype(int) makes classes 0 and 1 of it. "
            "For a forecast, take a metric of distances, as mean_absolute_error."
        )
    elif len(set(fault.got)) > 1:
        head = f"{fault.taker} gets {got}, but needs one dtype for both sides"
        why = "TensorFlow never converts on its own: tf.cast gives both sides the same dtype."
        if told.fault.raises is not None and told.fault.raises.by.startswith("numpy"):
            why = "These dtypes have no common one that the operation knows."
    elif fault.wanted is not None:
        head = f"{fault.taker} needs {fault.wanted}, but {name} is {got}"
        why = "astype changes the dtype of an array, tf.cast that of a tensor."
    else:
        taker = fault.taker if fault.taker[:1].isalpha() else f"the operator {fault.taker}"
        head = f"{taker} does not work on {got}"
        why = (
            "TensorFlow never converts on its own: both sides need the same dtype, which tf.cast gives."
            if told.fault.raises is not None and told.fault.raises.by.startswith("tensorflow")
            else "Numbers that were read as text, or flags used as numbers, have to be converted first."
        )
        if fault.taker == "-" and set(fault.got) <= {"bool", "torch.bool"}:
            why = "a != b tells where two masks differ and ~a turns one round; numbers 0 and 1 come of a.astype(int)."
            if torch:
                why = why.replace("a.astype(int)", "a.int()")
    return Prose(
        head,
        why,
        cause=told.made_before(value),
        cause_label="numbers with a fraction"
        if fractions
        else fault.got[0]
        if fault.got and fault.wanted is None
        else fault.wanted or "",
        dtypes=not fractions,
    )


def device_mismatch(told: Telling) -> Prose:
    """ "x is on cpu, but what it meets in * is on cuda:0"."""
    fault: DeviceMismatch = told.fault  # type: ignore[assignment]
    value = told.value()
    here, there = fault.devices
    name = told.name(value, "a tensor")
    if here == "cpu" or there == "cpu":
        near, far = ("cpu", there if here == "cpu" else here)
    else:
        near, far = here, there
    return Prose(
        f"{name} is on {near}, but what it meets in {fault.taker} is on {far}",
        f'Nothing is moved by itself: {name}.to("{far}") puts it where the other one is.',
        cause=told.made_before(value),
        cause_label=near,
    )


def value_conversion(told: Telling) -> Prose:
    """ "'low' is no number, so it cannot become float32"."""
    fault: ValueConversion = told.fault  # type: ignore[assignment]
    made = told.made_before(told.value())
    if fault.value in ("NaN", "infinity") and fault.raises is not None and fault.raises.by == "numpy":
        return Prose(
            f"{told.name(told.value(), 'the array')} holds {fault.wanted}, which has no {fault.value}",
            "Only floats have NaN and infinity: astype(float) where the array is made, or a number of your own as the mark.",
            cause=made,
            cause_label=f"is {fault.wanted}",
        )
    if fault.value == "NaN":
        name = told.called().rpartition(".")[0] or told.name(told.value(), "the column")
        return Prose(
            f"{name} holds NaN, which {fault.wanted} has no place for",
            "shift, diff, rolling and merge leave NaN where there is nothing; dropna() or fillna() comes before the cast. Int64 "
            "(with a capital I) has a place for gaps.",
            cause=made,
            cause_label="holds NaN",
        )
    if fault.value.startswith(("a date", "a column of dates")):
        name = told.name(told.value(), "the table")
        return Prose(
            f"{name} holds dates beside the numbers, and {fault.value} cannot become {fault.wanted}",
            "Dates are for the index, or for columns made of them (hour, weekday); what is scaled or trained on are the columns of "
            "numbers.",
            cause=made,
            cause_label="holds dates",
        )
    return Prose(
        f"{fault.value if len(fault.value) > 2 else 'an empty text'} is no number, so it cannot become {fault.wanted}"
        if fault.value.startswith(("'", '"', "b'"))
        else f"{fault.value} cannot become {fault.wanted}",
        "Categories need numbers of their own first ({'low': 0, 'high': 1}); headers and empty fields of a file come out as "
        "text, too.",
        cause=made,
        cause_label="holds text",
    )


def scalar_conversion(told: Telling) -> Prose:
    """ "float(x) needs a single number, but x is (100, 3)"."""
    fault: ScalarConversion = told.fault  # type: ignore[assignment]
    value = told.value()
    name = told.name(value, "the array")
    text = told.text()
    taker = text if text and len(text) < 30 else fault.wanted
    return Prose(
        f"{taker} needs a single number, but {name} is {told.shape(fault.shape, value)}",
        "Pick one element (x[0]) or reduce them to one (x.mean()).",
    )


def ambiguous_truth(told: Telling) -> Prose:
    """ "loss < 0.4 is an array of 2 answers, and a condition needs one"."""
    fault: AmbiguousTruth = told.fault  # type: ignore[assignment]
    node = told.node
    if isinstance(node, (ast.If, ast.While, ast.IfExp, ast.Assert)):
        text = told.sources.text(told.path, node.test, 40)
    else:
        text = told.text()
    text = text if text and len(text) < 40 else told.name(told.value(), "the condition")
    if fault.raises is not None and fault.raises.exception == "OperatorNotAllowedInGraphError":
        return Prose(
            f"{text} has no value while Keras 3 traces the step, but Python needs one True or False",
            "tf.where(condition, a, b) chooses between tensors, in Keras keras.ops.where. Keras 2 rewrote conditions of losses "
            "and metrics; Keras 3 takes the functions as they are.",
        )
    return Prose(
        f"{text} is {article('array')} of {told.shape(fault.shape)}, but a condition needs one True or False",
        ".any() asks whether one of them is true, .all() whether all are. Masks are combined with & and |, not with and and or.",
    )
