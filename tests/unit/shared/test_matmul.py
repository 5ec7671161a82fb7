"""Products against NumPy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshape.domain.dim import var
from foreshape.semantics.shared import matmul as products
from foreshape.semantics.shared.result import RankError, Result, ShapeError, SubscriptError

from .shapes import THOROUGH, Shape, check, symbolic_shapes

OPERAND = st.lists(st.sampled_from([1, 2, 2, 3]), max_size=4).map(tuple)


def _real(function: Callable[..., np.ndarray], *args: object) -> Shape | None:
    try:
        return np.shape(function(*args))
    except (ValueError, TypeError):
        return None


@pytest.mark.parametrize("name", ["matmul", "dot", "inner", "outer"])
@THOROUGH
@given(data=st.data(), a=OPERAND, b=OPERAND)
def test_product_against_numpy(name: str, data: st.DataObject, a: Shape, b: Shape) -> None:
    real = _real(getattr(np, name), np.ones(a), np.ones(b))
    ours: Callable[..., Result] = getattr(products, name)
    symbolic, values = data.draw(symbolic_shapes([a, b]))
    for (x, y), numbers in (((a, b), {}), (symbolic, values)):
        try:
            result = ours(x, y)
        except RankError:
            assert real is None
            continue
        check(result, real, numbers)


@THOROUGH
@given(st.data(), OPERAND, OPERAND)
def test_tensordot_against_numpy(data: st.DataObject, a: Shape, b: Shape) -> None:
    axis = st.lists(st.integers(-3, 3), max_size=2)
    axes = data.draw(st.one_of(st.integers(0, 3), st.tuples(axis, axis)))
    try:
        real = _real(np.tensordot, np.ones(a), np.ones(b), axes)
    except IndexError:
        real = None
    symbolic, values = data.draw(symbolic_shapes([a, b]))
    for (x, y), numbers in (((a, b), {}), (symbolic, values)):
        try:
            result = products.tensordot(x, y, axes)
        except ShapeError:
            assert real is None
            continue
        check(result, real, numbers)


LABELS = st.lists(st.sampled_from(["i", "j", "k", "..."]), max_size=3).map("".join)


@THOROUGH
@given(st.data(), st.lists(LABELS, min_size=1, max_size=2), st.one_of(st.none(), LABELS))
def test_einsum_against_numpy(data: st.DataObject, inputs: list[str], output: str | None) -> None:
    equation = ",".join(inputs) + ("" if output is None else f"->{output}")
    operands = [
        data.draw(st.lists(st.sampled_from([1, 2, 2, 3]), min_size=min(len(labels.replace("...", "")), 3), max_size=3))
        for labels in inputs
    ]
    real = _real(np.einsum, equation, *(np.ones(shape) for shape in operands))
    symbolic, values = data.draw(symbolic_shapes([tuple(shape) for shape in operands]))
    for trial, numbers in (([tuple(shape) for shape in operands], {}), (symbolic, values)):
        try:
            result = products.einsum(equation, trial)
        except SubscriptError:
            assert real is None
            continue
        check(result, real, numbers)


@pytest.mark.parametrize(
    ("equation", "reason"),
    [
        ("ij->ii", "repeated-output"),
        ("ij->ik", "unknown-output"),
        ("i1->i", "bad-character"),
        ("i..j", "bad-ellipsis"),
        ("i>j", "bad-arrow"),
        ("ij,jk", "operand-count"),
        ("ijk", "too-many-labels"),
        ("i", "too-few-labels"),
        ("i...->i", "ellipsis-not-in-output"),
    ],
)
def test_wrong_equations(equation: str, reason: str) -> None:
    with pytest.raises(SubscriptError) as caught:
        products.einsum(equation, [(2, 3)])
    assert caught.value.reason == reason


def test_symbolic_products() -> None:
    n, t = var("n"), var("T")
    assert products.matmul((n, t, 8), (8, 5)).shape == (n, t, 5)
    assert products.einsum("bij,bjk->bik", [(n, 3, 4), (n, 4, 5)]).shape == (n, 3, 5)
    failed = products.matmul((n, t, 128), (64, 5)).failed
    assert failed is not None
    assert (failed.left, failed.right, failed.where) == (128, 64, "inner")
    assert products.einsum("i...->i", [(2, 3)], sums_ellipsis=True).shape == (2,)
    failed = products.einsum("ij,jk->ik", [(2, 1), (3, 4)], ones_broadcast=False).failed
    assert failed is not None
    assert failed.where == "j"


@THOROUGH
@given(st.sampled_from([(2,), (3,), (4, 3), (4, 2), (1, 3)]), st.sampled_from([(2,), (3,), (4, 3), (5, 3)]))
def test_cross_against_numpy(a: Shape, b: Shape) -> None:
    if a[-1] == 2 or b[-1] == 2:
        return  # NumPy 2 no longer takes vectors of two
    check(products.cross(a, b), _real(np.cross, np.ones(a), np.ones(b)), {})
