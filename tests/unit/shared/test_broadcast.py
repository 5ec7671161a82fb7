"""Broadcasting against NumPy."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from foreshape.domain.dim import var
from foreshape.semantics.shared.broadcast import broadcast_shapes, broadcast_to

from .shapes import THOROUGH, Shape, check, shapes, symbolic_shapes


def _real(operands: list[Shape]) -> Shape | None:
    try:
        return np.broadcast_shapes(*operands)
    except ValueError:
        return None


ALIKE = st.lists(st.lists(st.sampled_from([1, 1, 3, 3, 2, 0]), max_size=3).map(tuple), min_size=1, max_size=3)


@THOROUGH
@given(st.data(), ALIKE)
def test_against_numpy(data: st.DataObject, operands: list[Shape]) -> None:
    check(broadcast_shapes(*operands), _real(operands), {})
    symbolic, values = data.draw(symbolic_shapes(operands))
    if any(0 in shape for shape in operands):
        return  # a size of 0 against an unknown 1: documented as undecided
    check(broadcast_shapes(*symbolic), _real(operands), values)


@THOROUGH
@given(st.data(), shapes(3, 3), shapes(3, 3))
def test_broadcast_to_against_numpy(data: st.DataObject, shape: Shape, target: Shape) -> None:
    try:
        real: Shape | None = np.broadcast_to(np.empty(shape), target).shape
    except ValueError:
        real = None
    check(broadcast_to(shape, target), real, {})
    (one, other), values = data.draw(symbolic_shapes([shape, target]))
    check(broadcast_to(one, other), real, values)


def test_which_axes_do_not_fit() -> None:
    failed = broadcast_shapes((32, 10), (32,)).failed
    assert failed is not None
    assert (failed.left, failed.right, failed.where, failed.operands) == (10, 32, -1, (0, 1))
    failed = broadcast_shapes((3, 1), (1, 4), (2, 4)).failed
    assert failed is not None
    assert (failed.left, failed.right, failed.where, failed.operands) == (3, 2, -2, (0, 2))


def test_what_is_not_certain() -> None:
    n = var("n")
    (need,) = broadcast_shapes((n, 10), (5, 10)).open
    assert str(need.condition) == "n = 5 or n = 1"
    assert broadcast_shapes((n, 10), (5, 10)).shape == (5, 10)
    assert broadcast_shapes((n, 1), (10,)).shape == (n, 10)
