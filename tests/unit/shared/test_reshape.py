"""Axes and sizes rearranged, against NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshape.domain.dim import DimLike, var
from foreshape.domain.facts import EMPTY
from foreshape.semantics.shared import reduce, reshape
from foreshape.semantics.shared.result import Result, ShapeError, SizeError

from .shapes import THOROUGH, Shape, check, shapes, symbolic_shapes


def _real(function: Callable[[], Any]) -> Shape | None:
    try:
        return np.shape(function())
    except (ValueError, IndexError):
        return None


def _check_call(
    data: st.DataObject, shape: Shape, real: Shape | None, ours: Callable[[tuple[DimLike, ...]], Any]
) -> None:
    (symbolic,), values = data.draw(symbolic_shapes([shape]))
    for trial, numbers in ((shape, {}), (symbolic, values)):
        try:
            result = ours(trial)
        except ShapeError:
            assert real is None
            continue
        check(result if isinstance(result, Result) else Result(result), real, numbers)


TARGETS = st.lists(st.sampled_from([-1, 1, 2, 3, 4, 6, 12, 0, -2]), max_size=3)


@THOROUGH
@given(st.data(), shapes(3, 4), TARGETS)
def test_reshape_against_numpy(data: st.DataObject, shape: Shape, target: list[int]) -> None:
    if any(size < -1 for size in target):
        with pytest.raises(SizeError):
            reshape.reshape(shape, target)
        return
    _check_call(data, shape, _real(lambda: np.ones(shape).reshape(target)), lambda s: reshape.reshape(s, target))


@THOROUGH
@given(st.data(), st.lists(st.integers(1, 4), min_size=1, max_size=4), st.integers(0, 3))
def test_reshape_that_fits(data: st.DataObject, factors: list[int], at: int) -> None:
    target: list[int] = list(factors)
    target[at % len(target)] = -1
    shape = (int(np.prod(factors)),)
    _check_call(data, shape, tuple(factors), lambda s: reshape.reshape(s, target))


AXIS = st.integers(-5, 4)
AXES = st.one_of(AXIS, st.lists(AXIS, max_size=3).map(tuple))


@THOROUGH
@given(st.data(), shapes(), AXES)
def test_expand_dims_against_numpy(data: st.DataObject, shape: Shape, axis: Any) -> None:
    _check_call(
        data, shape, _real(lambda: np.expand_dims(np.ones(shape), axis)), lambda s: reshape.expand_dims(s, axis)
    )


@THOROUGH
@given(st.data(), st.lists(st.sampled_from([1, 1, 2, 3]), max_size=4).map(tuple), st.one_of(st.none(), AXES))
def test_squeeze_against_numpy(data: st.DataObject, shape: Shape, axis: Any) -> None:
    real = _real(lambda: np.squeeze(np.ones(shape), axis))
    try:
        result = reshape.squeeze(shape, axis)
    except ShapeError:
        assert real is None
        return
    check(result, real, {})
    (symbolic,), values = data.draw(symbolic_shapes([shape]))
    result = reshape.squeeze(symbolic, axis)
    if not any(need.kind == "not-one" for need in result.needs):
        check(result, real, values)


@THOROUGH
@given(st.data(), shapes(), st.one_of(st.none(), st.lists(AXIS, max_size=4)))
def test_transpose_against_numpy(data: st.DataObject, shape: Shape, axes: list[int] | None) -> None:
    _check_call(data, shape, _real(lambda: np.transpose(np.ones(shape), axes)), lambda s: reshape.transpose(s, axes))


@THOROUGH
@given(st.data(), shapes(), AXES, AXES)
def test_moveaxis_against_numpy(data: st.DataObject, shape: Shape, a: Any, b: Any) -> None:
    _check_call(data, shape, _real(lambda: np.moveaxis(np.ones(shape), a, b)), lambda s: reshape.moveaxis(s, a, b))


@THOROUGH
@given(st.data(), shapes(), AXIS, AXIS)
def test_swapaxes_against_numpy(data: st.DataObject, shape: Shape, a: int, b: int) -> None:
    _check_call(data, shape, _real(lambda: np.swapaxes(np.ones(shape), a, b)), lambda s: reshape.swapaxes(s, a, b))


@THOROUGH
@given(st.data(), shapes(4, 5, 0, 1), st.one_of(st.none(), AXES), st.booleans())
def test_reduction_against_numpy(data: st.DataObject, shape: Shape, axis: Any, keepdims: bool) -> None:
    real = _real(lambda: np.sum(np.ones(shape), axis=axis, keepdims=keepdims))
    _check_call(data, shape, real, lambda s: reduce.reduce_shape(s, axis, keepdims))


def test_flatten() -> None:
    n = var("n")
    assert reshape.flatten((n, 5, 5, 64), 1) == (n, 1600)
    assert reshape.flatten(()) == (1,)
    assert reshape.flatten((2, n, 3)) == (6 * n,)
    with pytest.raises(ShapeError):
        reshape.flatten((2, 3), 1, 0)


def test_symbolic_reshape() -> None:
    n, t = var("n"), var("T")
    result = reshape.reshape((n, t), (n, t, 1))
    assert result.ok.is_yes
    result = reshape.reshape((n, 1600), (-1, 7, 7, 64))
    assert result.ok.is_unknown
    assert str(result.ok.condition) == "n is a multiple of 49"
    result = reshape.reshape((n,), (-1, t, 3))
    assert str(result.ok.condition) == "n is a multiple of 3*T"
    assert reshape.reshape((n, 10), (-1, 5)).shape == (2 * n, 5)
    assert reshape.reshape((n, t), (10, t), EMPTY.learn_eq(n, 10)).ok.is_yes
    assert reshape.reshape((n, 6), (n, 5)).ok.is_no
    assert reshape.reshape((0, 3), (-1, 0)).ok.is_no
