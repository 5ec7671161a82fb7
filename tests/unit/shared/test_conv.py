"""Lengths after convolution: against counting windows one by one, and symbolic against known."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from foreshape.domain.dim import var
from foreshape.semantics.shared import conv
from foreshape.semantics.shared.result import SizeError

from ..domain.sizes import evaluate, variable_of
from .shapes import THOROUGH

SMALL = st.integers(1, 4)


def _windows(length: int, span: int, stride: int, before: int, after: int, ceil_mode: bool) -> int:
    """Count window starts by hand; with ceil_mode also one that runs past the end but starts inside."""
    padded = length + before + after
    count = len([start for start in range(0, padded, stride) if start + span <= padded])
    if ceil_mode and (count - 1) * stride + span < padded and count * stride < length + before:
        count += 1
    return count


@THOROUGH
@given(st.integers(1, 30), SMALL, SMALL, st.integers(0, 2), st.integers(0, 2), SMALL, st.booleans())
def test_explicit_padding(
    length: int, kernel: int, stride: int, before: int, after: int, dilation: int, ceil_mode: bool
) -> None:
    span = (kernel - 1) * dilation + 1
    if ceil_mode:
        assume(2 * before <= kernel and before == after)
    size, need = conv.conv_length(length, kernel, stride, (before, after), dilation, ceil_mode=ceil_mode)
    n = var("n")
    symbolic, open_need = conv.conv_length(n, kernel, stride, (before, after), dilation, ceil_mode=ceil_mode)
    assert need is not None
    assert open_need is not None
    if ceil_mode and span > length + before + after:
        return  # held against torch in the conformance tests
    if span > length + before + after:
        assert need.truth.is_no
        assert not open_need.truth.is_yes
        return
    assert need.truth.is_yes
    assert size == _windows(length, span, stride, before, after, ceil_mode)
    assert evaluate(symbolic, {variable_of(n): length}) == size


@THOROUGH
@given(st.integers(1, 30), SMALL, SMALL, SMALL, st.sampled_from(["same", "causal", "full", "valid"]))
def test_padding_in_words(length: int, kernel: int, stride: int, dilation: int, word: str) -> None:
    span = (kernel - 1) * dilation + 1
    pads = {"valid": (0, 0), "full": (span - 1, span - 1), "causal": (span - 1, 0)}
    if word == "same":
        total = max((-(-length // stride) - 1) * stride + span - length, 0)
        pads["same"] = (total // 2, total - total // 2)
    before, after = pads[word]
    assume(span <= length + before + after)
    size, _ = conv.conv_length(length, kernel, stride, word, dilation)
    assert size == _windows(length, span, stride, before, after, False)
    n = var("n")
    symbolic, _ = conv.conv_length(n, kernel, stride, word, dilation)
    assert evaluate(symbolic, {variable_of(n): length}) == size


@THOROUGH
@given(st.integers(1, 12), SMALL, SMALL, st.sampled_from(["same", "valid"]), SMALL)
def test_transposed_gives_what_the_convolution_takes_back(
    length: int, kernel: int, stride: int, word: str, dilation: int
) -> None:
    out = conv.transposed_length_by_word(length, kernel, stride, word, None, dilation)
    assert conv.conv_length(out, kernel, stride, word, dilation)[0] == length


def test_transposed_in_numbers() -> None:
    n = var("n")
    assert conv.transposed_length(7, 4, 2, 1) == 14
    assert conv.transposed_length(n, 3, 2, 1, 1) == 2 * n
    assert conv.transposed_length_by_word(n, 3, 2, "same", 1) == 2 * n
    assert conv.transposed_length_by_word(n, 3, 2) == 2 * n + 1
    assert conv.transposed_length_by_word(5, 3, 2, "full") == 7
    with pytest.raises(SizeError):
        conv.transposed_length_by_word(5, 3, 2, "causal")


def test_shapes() -> None:
    result = conv.conv_shape((28, 28), (3, 3), (1, 2))
    assert result.shape == (26, 13)
    assert result.ok.is_yes
    failed = conv.conv_shape((28, 2), (3, 3), (1, 1)).failed
    assert failed is not None
    assert (failed.left, failed.right, failed.where) == (2, 3, 1)
    with pytest.raises(SizeError):
        conv.conv_length(10, 3, 1, "reflect")
