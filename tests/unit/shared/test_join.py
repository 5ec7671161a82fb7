"""Putting together and taking apart, against NumPy; windows against counting them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshape.domain.dim import var
from foreshape.semantics.shared import join, windows
from foreshape.semantics.shared.result import ShapeError

from ..domain.sizes import evaluate, variable_of
from .shapes import THOROUGH, Shape, check, shapes, symbolic_shapes

PARTS = st.lists(st.lists(st.sampled_from([2, 2, 2, 3]), max_size=3).map(tuple), max_size=3)


@pytest.mark.parametrize("name", ["concatenate", "stack"])
@THOROUGH
@given(data=st.data(), parts=PARTS, axis=st.integers(-4, 3))
def test_against_numpy(name: str, data: st.DataObject, parts: list[Shape], axis: int) -> None:
    try:
        real: Shape | None = getattr(np, name)([np.ones(part) for part in parts], axis).shape
    except ValueError:
        real = None
    ours: Callable[..., Any] = getattr(join, name)
    symbolic, values = data.draw(symbolic_shapes(parts))
    for trial, numbers in ((parts, {}), (symbolic, values)):
        try:
            result = ours(trial, axis)
        except ShapeError:
            assert real is None
            continue
        check(result, real, numbers)


@THOROUGH
@given(shapes(3, 9, 1), st.integers(0, 5), st.integers(-3, 2))
def test_split_against_numpy(shape: Shape, sections: int, axis: int) -> None:
    try:
        real = [part.shape for part in np.array_split(np.ones(shape), sections, axis)]
    except (ValueError, IndexError):
        real = None
    try:
        ours = join.array_split(shape, sections, axis)
    except ShapeError:
        assert real is None
        return
    assert ours == real
    part, needs = join.split(shape, sections, axis)
    try:
        equal = [each.shape for each in np.split(np.ones(shape), sections, axis)]
    except ValueError:
        assert needs
        assert needs[0].truth.is_no
        return
    assert not needs
    assert [part] * sections == equal


@THOROUGH
@given(st.integers(0, 9), st.lists(st.integers(-10, 10), max_size=3))
def test_split_at_against_numpy(length: int, indices: list[int]) -> None:
    real = [part.shape for part in np.split(np.ones((length, 2)), indices)]
    assert join.split_at((length, 2), indices) == real


@THOROUGH
@given(st.integers(1, 40), st.integers(1, 7))
def test_symbolic_sections(length: int, sections: int) -> None:
    n = var("n")
    parts = [evaluate(part[0], {variable_of(n): length}) for part in join.array_split((n,), sections)]
    assert parts == [len(part) for part in np.array_split(np.ones(length), sections)]


@THOROUGH
@given(st.integers(0, 40), st.integers(1, 7), st.integers(1, 5), st.booleans())
def test_windows_are_counted(length: int, window: int, stride: int, drop: bool) -> None:
    starts = [start for start in range(0, length, stride) if start + window <= length]
    assert windows.window_count(length, window, stride) == len(starts)
    n = var("n", 0)
    assert evaluate(windows.window_count(n, window, stride), {variable_of(n): length}) == len(starts)
    assert windows.partial_window_count(length, stride) == len(range(0, length, stride))
    batches = [min(window, length - start) for start in range(0, length, window)]
    if drop:
        batches = [batch for batch in batches if batch == window]
    assert windows.batch_count(length, window, drop) == len(batches)
    if batches and not drop:
        assert windows.last_batch(length, window) == batches[-1]


@THOROUGH
@given(st.integers(-9, 9), st.integers(-9, 9), st.integers(-4, 4).filter(bool))
def test_range_length(start: int, stop: int, step: int) -> None:
    assert windows.range_length(start, stop, step) == len(range(start, stop, step))
    a, b = var("a", -9), var("b", -9)
    length = windows.range_length(a, b, step)
    assert length is not None
    assert evaluate(length, {variable_of(a): start, variable_of(b): stop}) == len(range(start, stop, step))


def test_splits_by_size() -> None:
    assert join.split_every((10, 2), 4) == [(4, 2), (4, 2), (2, 2)]
    assert join.split_every((var("n"), 2), 4) is None
    parts, needs = join.split_sizes((10, 2), [7, 3])
    assert parts == [(7, 2), (3, 2)]
    assert not needs
    _, needs = join.split_sizes((10, 2), [7, 4])
    assert needs[0].truth.is_no


def test_which_part_does_not_fit() -> None:
    failed = join.concatenate([(3, 10), (5, 10), (5, 8)]).failed
    assert failed is not None
    assert (failed.left, failed.right, failed.where, failed.operands) == (10, 8, 1, (0, 2))
    n = var("n")
    assert join.concatenate([(n, 3), (n, 3)]).shape == (2 * n, 3)
    assert join.stack([(n, 3), (n, 3)], -1).shape == (n, 3, 2)
