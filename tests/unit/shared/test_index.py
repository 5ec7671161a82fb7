"""Indexing and slicing against Python and NumPy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshape.domain.dim import DimLike, Var, var
from foreshape.domain.facts import EMPTY
from foreshape.semantics.shared.index import (
    ArrayIndex,
    BoolIndex,
    ends_from_the_length,
    index_need,
    index_shape,
    slice_length,
)
from foreshape.semantics.shared.result import SizeError, TooManyIndicesError

from ..domain.sizes import evaluate, variable_of
from .shapes import THOROUGH, Shape, check, shapes, symbolic_shapes

END = st.one_of(st.none(), st.integers(-9, 9))
STEP = st.one_of(st.none(), st.sampled_from([1, 2, 3, -1, -2]))


@THOROUGH
@given(st.integers(0, 8), END, END, STEP)
def test_slice_of_known_length(size: int, start: int | None, stop: int | None, step: int | None) -> None:
    assert slice_length(size, start, stop, step) == len(range(size)[start:stop:step])


@st.composite
def symbolic_ends(draw: st.DrawFn) -> tuple[dict[Var, int], DimLike, list[DimLike | None], list[int | None]]:
    """The length, start and stop, some of them symbolic with a known sign, and the numbers behind."""
    values: dict[Var, int] = {}
    n = draw(st.integers(0, 12))
    size: DimLike = n
    if draw(st.booleans()):
        size = var("n", 0)
        values[variable_of(size)] = n
    ends: list[DimLike | None] = []
    numbers: list[int | None] = []
    for name in "st":
        number = draw(st.one_of(st.none(), st.integers(-14, 14)))
        numbers.append(number)
        if number is None or draw(st.booleans()):
            ends.append(number)
            continue
        end = var(name, 0)
        values[variable_of(end)] = abs(number) - (1 if number < 0 else 0)
        ends.append(end if number >= 0 else -end - 1)
    if isinstance(size, int) or not draw(st.booleans()) or ends[0] is not None:
        return values, size, ends, numbers
    shift = draw(st.integers(0, 3))  # an end that depends on the length
    ends[1], numbers[1] = size + shift, n + shift
    return values, size, ends, numbers


@THOROUGH
@given(symbolic_ends(), STEP)
def test_slice_of_symbolic_length(
    case: tuple[Mapping[Var, int], DimLike, list[DimLike | None], list[int | None]], step: int | None
) -> None:
    values, size, (start, stop), (first, last) = case
    length = slice_length(size, start, stop, step)
    assert length is not None
    assert evaluate(length, values) == len(range(evaluate(size, values))[first:last:step])


def test_slices_as_people_write_them() -> None:
    n, t = var("n"), var("T")
    i = var("i", 0, n - t - 1, varying=True)
    assert slice_length(n, i, i + t) == t
    assert str(slice_length(n, -t, None)) == "min(T, n)"
    assert slice_length(n, None, -1) == n - 1
    assert str(slice_length(n, t, None)) == "max(n - T, 0)"
    assert slice_length(n, t, None, None, EMPTY.learn_ge(n, t)) == n - t
    assert str(slice_length(n, None, 80)) == "min(n, 80)"
    assert slice_length(n, None, None, -1) == n
    assert slice_length(n, None, None, 2) == (n + 1) // 2
    assert slice_length(n, n - 60, None) is None
    assert slice_length(n, n - 60, None, None, EMPTY.learn_ge(n, 60)) == 60
    # past the end it gets shorter, and nothing raises
    j = var("j", 0, n - 1, varying=True)
    assert str(slice_length(n, j, j + t)) == "min(T, n - j)"
    with pytest.raises(SizeError):
        slice_length(n, None, None, 0)


ITEM = st.one_of(
    st.integers(-5, 4),
    st.none(),
    st.just(...),
    st.builds(slice, END, END, st.sampled_from([None, 1, 2, -1])),
    st.lists(st.sampled_from([1, 2, 3]), max_size=2).map(lambda shape: ArrayIndex(shape, 0, 0)),
    st.lists(st.sampled_from([1, 2, 3, 4]), min_size=1, max_size=2).map(lambda shape: BoolIndex(shape, 0)),
)


def _as_numpy(item: Any) -> Any:
    if isinstance(item, ArrayIndex):
        return np.zeros(item.shape, int)  # type: ignore[arg-type]
    if isinstance(item, BoolIndex):
        mask = np.zeros(item.shape, bool)  # type: ignore[arg-type]
        mask.flat[: mask.size // 2 + 1] = True
        return mask
    return item


def _counted(item: Any) -> Any:
    return BoolIndex(item.shape, int(_as_numpy(item).sum())) if isinstance(item, BoolIndex) else item


@THOROUGH
@given(st.data(), shapes(4, 4, 0, 1), st.lists(ITEM, max_size=4))
def test_index_against_numpy(data: st.DataObject, shape: Shape, items: list[Any]) -> None:
    try:
        real: Shape | None = np.ones(shape)[tuple(_as_numpy(item) for item in items)].shape
    except (IndexError, ValueError):
        real = None
    items = [_counted(item) for item in items]
    (symbolic,), values = data.draw(symbolic_shapes([shape]))
    for trial, numbers in ((shape, {}), (symbolic, values)):
        try:
            result = index_shape(trial, items)
        except (TooManyIndicesError, SizeError):
            assert real is None
            continue
        assert result is not None
        check(result, real, numbers)


def test_index_that_depends() -> None:
    n, t = var("n"), var("T")
    assert str(index_need(t, n).condition) == "n > T"
    assert index_need(n, n).truth.is_no
    assert index_need(n - 1, n).truth.is_yes
    assert index_need(-n, n).truth.is_yes
    i = var("i", 0, n - t - 1, varying=True)
    assert index_need(i + t, n).truth.is_yes
    assert index_need(i + t + 1, n).truth.is_unknown
    result = index_shape((n, 10, 3), [slice(None), var("k", 0, 9)])
    assert result is not None
    assert result.ok.is_yes
    assert result.shape == (n, 3)


def test_values_of_index_arrays() -> None:
    result = index_shape((10, 8), [ArrayIndex((32, 5), 0, 10)])
    assert result is not None
    assert result.failed is not None
    assert (result.failed.kind, result.failed.left, result.failed.right) == ("index", 10, 10)
    assert result.shape == (32, 5, 8)


def test_integers_beside_arrays_where_they_are_applied_first() -> None:
    array = ArrayIndex((2,), 0, 1)
    for items, joint, first in (
        ([0, slice(None), array], (2, 3), (3, 2)),
        ([array, 0, array], (2,), (2,)),
    ):
        together, before = index_shape((2, 3, 4), items), index_shape((2, 3, 4), items, ints_are_basic=True)
        assert together is not None
        assert before is not None
        assert together.shape == joint
        assert before.shape == first


def test_ends_that_count_from_the_length() -> None:
    n = var("n")
    assert ends_from_the_length(n, n - 60, None) == [n - 60]
    assert ends_from_the_length(n, None, n - 60, EMPTY.learn_ge(n, 60)) == []
    assert ends_from_the_length(n, var("k", None), None) == []
    assert ends_from_the_length(n, 5, -3) == []
