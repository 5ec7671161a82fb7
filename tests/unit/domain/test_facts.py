"""What is learnt about sizes: it decides what it should, and never decides wrongly."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foreshape.domain.dim import Var, divides, dmin, eq, ge, gt, lower, lt, upper, var
from foreshape.domain.facts import EMPTY, Facts
from foreshape.domain.truth import Condition, Truth

from .sizes import CASES, VALUES, Case, N, T, evaluate, variable_of

THOROUGH = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


@THOROUGH
@given(st.lists(st.tuples(CASES, CASES), max_size=3), CASES, CASES, VALUES)
def test_what_is_learnt_holds(known: list[tuple[Case, Case]], a: Case, b: Case, values: Mapping[Var, int]) -> None:
    facts = _learn_true_things(known, values)
    x, y = a.number(values), b.number(values)
    assert evaluate(facts.resolve(a.size), values) == x
    for answer, truth in (
        (eq(a.size, b.size, facts), x == y),
        (ge(a.size, b.size, facts), x >= y),
        (lt(a.size, b.size, facts), x < y),
    ):
        if answer.is_yes:
            assert truth
        if answer.is_no:
            assert not truth
    low, high = lower(a.size, facts), upper(a.size, facts)
    assert low is None or low <= x
    assert high is None or x <= high
    if x > 0:
        answer = divides(a.size, b.size, facts)
        assert not (answer.is_yes and y % x)
        assert not (answer.is_no and y % x == 0)


def _learn_true_things(known: list[tuple[Case, Case]], values: Mapping[Var, int]) -> Facts:
    """Whatever is true of each pair for these values."""
    facts = EMPTY
    for a, b in known:
        x, y = a.number(values), b.number(values)
        if x == y:
            facts = facts.learn_eq(a.size, b.size)
        elif x > y:
            facts = facts.learn_truth(gt(a.size, b.size, facts))
        else:
            facts = facts.learn_truth(ge(a.size, b.size, facts), holds=False)
        facts = facts.learn_truth(eq(a.size, b.size, facts), holds=x == y)
        if x > 0:
            facts = facts.learn_truth(divides(a.size, b.size, facts), holds=y % x == 0)
    return facts


PAIRS = st.lists(st.tuples(CASES, CASES), max_size=3)


@THOROUGH
@given(PAIRS, PAIRS, CASES, CASES, VALUES, VALUES, st.booleans())
def test_join_holds_on_either_side(
    left: list[tuple[Case, Case]],
    right: list[tuple[Case, Case]],
    a: Case,
    b: Case,
    values: Mapping[Var, int],
    other_values: Mapping[Var, int],
    swap: bool,
) -> None:
    here, there = _learn_true_things(left, values), _learn_true_things(right, other_values)
    joined = there.join(here) if swap else here.join(there)
    met = here.meet(_learn_true_things(right, values))
    x, y = a.number(values), b.number(values)
    for facts in (joined, met):
        answer = eq(a.size, b.size, facts)
        assert not (answer.is_yes and x != y)
        assert not (answer.is_no and x == y)


def test_equalities() -> None:
    facts = EMPTY.learn_eq(N, T + 3)
    assert eq(N - T, 3, facts).is_yes
    assert facts.resolve(2 * N) == 2 * T + 6
    assert ge(N, 4, facts).is_yes
    facts = facts.learn_eq(T, 7)
    assert facts.resolve(N) == 10
    assert eq(N, 11, facts).is_no


def test_range_of_what_was_replaced_is_kept() -> None:
    small = var("k", 1, 5)
    assert lt(T, 6, EMPTY.learn_eq(small, T)).is_yes


def test_inequalities() -> None:
    facts = EMPTY.learn_ge(N, T + 1)
    assert ge(N, T, facts).is_yes
    assert gt(N - T, 0, facts).is_yes
    assert lt(N, 2, facts).is_no
    assert dmin(N, T, facts) == T
    k = var("k")
    assert ge(N, k, facts.learn_ge(T, k)).is_yes
    assert eq(N, T, EMPTY.learn_ge(N, T).learn_ge(T, N)).is_yes


def test_multiples() -> None:
    facts = EMPTY.learn_truth(divides(32, N))
    assert divides(32, N, facts).is_yes
    assert divides(16, N, facts).is_yes
    assert divides(16, 3 * N + 1, facts).is_no
    assert divides(64, N, facts).is_unknown
    assert divides(32, N, EMPTY.learn_truth(divides(32, N), holds=False)).is_no


def test_conditions_are_remembered() -> None:
    condition = Condition("use_attention is true")
    facts = EMPTY.assume(condition)
    assert facts.truth_of(condition) == Truth.of(True)
    assert facts.truth_of(condition.negated()) == Truth.of(False)
    assert facts.truth_of(Condition("bidirectional is true")) is None
    unequal = EMPTY.learn_truth(eq(N, T), holds=False)
    assert eq(N, T, unequal).is_no
    assert eq(T, N, unequal).is_no


def test_nothing_is_learnt_of_what_varies() -> None:
    step = var("i", 0, N, varying=True)
    assert not EMPTY.learn_eq(step, 3)
    assert not EMPTY.learn_eq(N, step + 3)
    assert not EMPTY.learn_ge(step, 3)
    scoped = EMPTY.learn_ge(N, step + T, scoped=True)
    assert lt(step, N, scoped).is_yes
    assert not scoped.forget([variable_of(step)])
    assert EMPTY.learn_ge(N, T).forget([variable_of(step)]) == EMPTY.learn_ge(N, T)


def test_join_of_two_values() -> None:
    both_sides = EMPTY.learn_eq(T, 3).join(EMPTY.learn_eq(T, 5))
    assert eq(T, 7, both_sides).is_no
    assert eq(T, 4, both_sides).is_unknown
    assert EMPTY.learn_eq(T, 3).join(EMPTY.learn_eq(T, 3)) == EMPTY.learn_eq(T, 3)
    assert not EMPTY.learn_eq(T, 3).join(EMPTY)


def test_facts_are_a_key() -> None:
    assert hash(EMPTY.learn_eq(T, 3)) == hash(EMPTY.learn_eq(T, 3))
    assert EMPTY.learn_eq(T, 3) != EMPTY.learn_eq(T, 4)
    assert EMPTY.learn_ge(N, T) == EMPTY.learn_ge(N, T)


def test_what_follows_from_a_minimum_or_a_division() -> None:
    assert dmin(N, 80, EMPTY.learn_eq(dmin(N, 80), 80)) == 80
    facts = EMPTY.learn_eq(T // 2, 6)
    assert (lower(T, facts), upper(T, facts)) == (12, 13)
