"""Truth and conditions in words."""

from __future__ import annotations

import itertools

import pytest

from foreshape.domain.truth import NO, UNKNOWN, YES, Condition, Truth, both, either

WIDE = Truth.depends(Condition("T = 12"))
FLAG = Truth.depends(Condition("use_attention is true"))


@pytest.mark.parametrize(
    ("text", "opposite"),
    [
        ("T = 12", "T is not 12"),
        ("use_attention is true", "use_attention is not true"),
        ("n is not a multiple of 32", "n is a multiple of 32"),
        ("argv", "not (argv)"),
    ],
)
def test_negation_in_words(text: str, opposite: str) -> None:
    condition = Condition(text)
    assert condition.negated().text == opposite
    assert condition.negated().negated() == condition


def test_combining_tables() -> None:
    kinds = {"yes": YES, "no": NO, "?": UNKNOWN}
    for (a, x), (b, y) in itertools.product(kinds.items(), repeat=2):
        conj, disj = both(x, y), either(x, y)
        assert conj == (NO if "no" in (a, b) else YES if (a, b) == ("yes", "yes") else UNKNOWN)
        assert disj == (YES if "yes" in (a, b) else NO if (a, b) == ("no", "no") else UNKNOWN)
    assert YES.negate() is NO
    assert NO.negate() is YES
    assert UNKNOWN.negate() is UNKNOWN


def test_combined_conditions() -> None:
    assert str(both(WIDE, FLAG).condition) == "T = 12 and use_attention is true"
    assert str(either(WIDE, FLAG).condition) == "T = 12 or use_attention is true"
    assert str(both(WIDE, FLAG).negate().condition) == "T is not 12 or use_attention is not true"
    assert both(WIDE, YES) is WIDE
    assert both(WIDE, WIDE) is WIDE
    assert (
        str(both(either(WIDE, FLAG), FLAG).condition) == "(T = 12 or use_attention is true) and use_attention is true"
    )
    assert both(WIDE, UNKNOWN).condition is None


def test_no_boolean() -> None:
    for truth in (YES, NO, UNKNOWN, WIDE):
        with pytest.raises(TypeError):
            bool(truth)
    assert YES.is_yes
    assert NO.is_no
    assert WIDE.is_unknown
    assert not WIDE.is_yes
