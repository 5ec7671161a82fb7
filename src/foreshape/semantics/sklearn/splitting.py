"""``train_test_split`` and what picks rows: sizes are exact (ceil for the test part, floor for the train part).

https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.train_test_split.html
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from foreshape.domain import compare
from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import Dim, DimLike, ceildiv, floordiv
from foreshape.domain.join import somewhere, widen
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    Int,
    IteratorValue,
    RangeValue,
    Sequence,
    Typed,
    Unknown,
    Value,
    as_bool,
    as_dim,
)
from foreshape.semantics.numpy.support import given, listed, number
from foreshape.semantics.registry import rule
from foreshape.semantics.sklearn.support import as_data, consistent, invalid

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

UNEVEN: Final = frozenset(
    {
        ("floor", 11, 20),
        ("floor", 14, 25),
        ("floor", 17, 25),
        ("ceil", 7, 10),
        ("ceil", 7, 20),
        ("ceil", 29, 50),
        ("ceil", 41, 50),
        ("ceil", 47, 50),
        ("ceil", 29, 100),
        ("ceil", 41, 100),
        ("ceil", 47, 100),
        ("ceil", 57, 100),
        ("ceil", 69, 100),
        ("floor", 7, 25),
        ("floor", 7, 50),
        ("floor", 17, 50),
        ("floor", 27, 50),
        ("floor", 7, 100),
        ("floor", 17, 100),
        ("floor", 27, 100),
        ("floor", 67, 100),
        ("floor", 81, 100),
    }
)
"""Fractions whose product with some n in floating point falls on the other side of an integer."""


def part_of(cx: Context, samples: DimLike, fraction: float, up: bool) -> DimLike:
    """``ceil(fraction * samples)`` or ``floor(...)`` in floating point."""
    if isinstance(samples, int):
        return math.ceil(fraction * samples) if up else math.floor(fraction * samples)
    exact = Fraction(fraction).limit_denominator(100)
    p, q = exact.numerator, exact.denominator
    other = ("floor" if up else "ceil", p, q)
    uneven = other in UNEVEN or (("ceil" if up else "floor"), p, q) in UNEVEN
    if p / q == fraction and not uneven:
        return ceildiv(samples * p, q) if up else floordiv(samples * p, q)
    key = ("~share", samples, fraction, up)
    known = cx.process.get(key)
    if not isinstance(known, Dim):
        known = cx.fresh(f"{'ceil' if up else 'floor'}({samples} * {fraction:g})", 0, samples)
        cx.process[key] = known
    return known


# -- sizes ----------
def sizes(
    cx: Context, samples: DimLike, test: Value | None, train: Value | None, default: float, owner: str
) -> tuple[DimLike, DimLike] | None:
    """How many samples go into (train, test); None where the arguments are not known."""
    test_given, train_given = given(test), given(train)
    _parameter(cx, "test_size", test, owner)
    _parameter(cx, "train_size", train, owner)
    test_size = _wanted(cx, samples, test, "test_size", True)
    train_size = _wanted(cx, samples, train, "train_size", False)
    if (test_given and test_size is None) or (train_given and train_size is None):
        return None
    fractions = [number(value) for value in (test, train) if given(value)]
    if len(fractions) == 2 and all(isinstance(one, float) for one in fractions):
        together = (fractions[1] or 0.0) + (fractions[0] or 0.0)
        if together > 1:
            text = (
                f"The sum of test_size and train_size = {together}, should be in the (0, 1) range. "
                "Reduce test_size and/or train_size."
            )
            raise invalid("test_size", together, text, *(v for v in (test, train) if v is not None))
    if not test_given and not train_given:
        test_size = part_of(cx, samples, default, True)
    if test_size is None and train_size is not None:
        test_size = samples - train_size
    elif train_size is None and test_size is not None:
        train_size = samples - test_size
    assert train_size is not None
    assert test_size is not None
    whole = isinstance(train_size, int) and isinstance(test_size, int) and isinstance(samples, int)
    if whole and not cx.at_least(samples, train_size + test_size):
        text = (
            f"The sum of train_size and test_size = {train_size + test_size}, should be smaller than the number of "
            f"samples {samples}. Reduce test_size and/or train_size."
        )
        raise invalid("test_size", test_size, text, *(v for v in (test, train) if v is not None))
    if isinstance(train_size, int) and train_size == 0:
        shown = (cx_text(test, default if not train_given else None), cx_text(train, None))
        text = (
            f"With n_samples={samples}, test_size={shown[0]} and train_size={shown[1]}, the resulting train set will "
            "be empty. Adjust any of the aforementioned parameters."
        )
        raise invalid("test_size", shown[0], text, *(v for v in (test, train) if v is not None))
    return cx.resolve(train_size), cx.resolve(test_size)


def cx_text(value: Value | None, default: float | None) -> str:
    """A size as messages print it."""
    if value is None or not given(value):
        return str(default)
    return str(number(value))


def _parameter(cx: Context, name: str, value: Value | None, owner: str) -> None:
    """Sizes out of any range are refused before the data is looked at."""
    found = number(value)
    if found is None or isinstance(found, bool) or not isinstance(value, Const):
        return
    good = 0.0 < found < 1.0 if isinstance(found, float) else found >= 1
    if not good and owner:
        text = (
            f"The '{name}' parameter of {owner} must be a float in the range (0.0, 1.0), an int in the range [1, inf) "
            f"or None. Got {found!r} instead."
        )
        raise invalid(name, repr(found), text, value, exception="InvalidParameterError")


def _wanted(cx: Context, samples: DimLike, value: Value | None, name: str, up: bool) -> DimLike | None:
    if value is None or not given(value):
        return None
    found = number(value)
    if isinstance(found, float):
        return part_of(cx, samples, found, up)
    count = as_dim(value)
    if count is None:
        return None
    count = cx.resolve(count)
    if not cx.at_least(samples, count + 1):
        text = (
            f"{name}={count} should be either positive and smaller than the number of samples {samples} or a float in "
            "the (0, 1) range"
        )
        raise invalid(name, count, text, value)
    return count


# -- rows ----------
def picked(cx: Context, value: Value, count: DimLike, start: DimLike | None = None) -> Value:
    """``count`` of the samples; those from ``start`` on where the order is kept. Lists stay lists, frames frames."""
    if isinstance(value, Array) and value.kind == "numpy":
        if not value.shape:
            return value.replace(data=None) if value.shape is None else value
        return Array("numpy", (count, *value.shape[1:]), value.dtype, lo=value.lo, hi=value.hi, roles=value.roles)
    if isinstance(value, Array):
        if not value.shape:
            return cx.unknown("rows of a tensor of unknown rank")
        return value.replace(shape=(count, *value.shape[1:]), roles=value.roles)
    if isinstance(value, Instance):
        if "~frame" in value.fields:
            from foreshape.semantics.pandas.support import taken

            return taken(cx, value, count)
        if value.fields.get("~shape"):
            shape = (count, *value.fields["~shape"][1:])
            return Instance(value.cls, {**value.fields, "~shape": shape})
        return cx.unknown("rows of an object that is not modelled")
    if isinstance(value, (Sequence, RangeValue, IteratorValue)):
        contents = cx.iterate(value)
        if contents is None:
            return cx.unknown("elements of a list that are not known")
        items = contents.items(512)
        if start is not None and items is not None and isinstance(start, int) and isinstance(count, int):
            return listed("list", items[start : start + count])
        if not contents.segments:
            return listed("list", ())
        return Sequence("list", Contents((Run(count, widen([somewhere(segment) for segment in contents.segments])),)))
    return cx.unknown(value.reason if isinstance(value, Unknown) else "samples of something that is not modelled")


def _refuse_rare(cx: Context, stratify: Value) -> None:
    """ValueError where a class has a single member, which cannot be in both parts."""
    labels = as_data(cx, stratify)
    data = labels.data if isinstance(labels, Array) and labels.shape is not None and len(labels.shape) == 1 else None
    if not data or not all(isinstance(item, (int, str)) for item in data):
        return
    rare = [item for item in dict.fromkeys(data) if data.count(item) == 1]
    if rare:
        text = (
            "The least populated classes in y have only 1 member, which is too few. The minimum number of groups for any "
            f"class cannot be less than 2. Classes with too few members are: {sorted(rare)}"
        )
        raise invalid("stratify", repr(rare[0]), text, stratify)


@rule(
    "sklearn.model_selection.train_test_split",
    "sklearn.cross_validation.train_test_split",
    doc="https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.train_test_split.html",
)
def train_test_split(
    cx: Context,
    *arrays: Value,
    test_size: Value | None = None,
    train_size: Value | None = None,
    random_state: Value | None = None,
    shuffle: Value | None = None,
    stratify: Value | None = None,
) -> Value:
    """A train and a test part of each array. ValueError for different numbers of samples, and for empty parts."""
    if not arrays:
        raise invalid("arrays", "()", "At least one array required as input")
    _parameter(cx, "test_size", test_size, "train_test_split")
    _parameter(cx, "train_size", train_size, "train_test_split")
    for value in arrays:
        if isinstance(value, (Int, Typed)) or (isinstance(value, Const) and isinstance(value.value, (int, float))):
            shown = cx.text(value)
            text = f"Input should have at least 1 dimension i.e. satisfy `len(x.shape) > 0`, got scalar `array({shown})` instead."
            raise invalid("arrays", shown, text, value, exception="TypeError")
    samples = consistent(cx, tuple(value for value in arrays if not _is_none(value)), ("X", "y"))
    ordered = shuffle is not None and as_bool(shuffle) is False
    if ordered and given(stratify):
        text = "Stratified train/test split is not implemented for shuffle=False"
        raise invalid("stratify", cx.text(stratify), text, *(() if stratify is None else (stratify,)))
    if samples is None:
        open_parts: list[Value] = []
        for value in arrays:
            reason = value.reason if isinstance(value, Unknown) else "how many samples there are is not known"
            for _ in range(2):
                part = _open_part(cx, value, reason)
                part.tainted = value.tainted
                open_parts.append(part)
        return listed("list", open_parts)
    if stratify is not None and given(stratify):
        _refuse_rare(cx, stratify)
    found = sizes(cx, samples, test_size, train_size, 0.25, "train_test_split")
    if found is None:
        train: DimLike = cx.fresh("n_train", 1)
        test: DimLike = cx.fresh("n_test", 1)
        if not given(train_size):
            train = samples - test
        elif not given(test_size):
            test = samples - train
    else:
        train, test = found
    parts: list[Value] = []
    for value in arrays:
        for count, start in ((train, 0 if ordered else None), (test, train if ordered else None)):
            if _is_none(value):
                parts.append(Const(None))
                continue
            part = picked(cx, value, count, start)
            part.tainted = part.tainted or value.tainted
            parts.append(part)
    return listed("list", parts)


def _open_part(cx: Context, value: Value, reason: str) -> Value:
    """A part of something whose length is not known: of an array of known rank the other axes stay."""
    if isinstance(value, Array) and value.shape is None:
        return Array(value.kind, None, value.dtype, lo=value.lo, hi=value.hi)
    return cx.unknown(reason)


def _is_none(value: Value) -> bool:
    return isinstance(value, Const) and value.value is None


def positive(cx: Context, dim: DimLike) -> bool:
    return compare.ge(dim, 1, cx.facts).is_yes
