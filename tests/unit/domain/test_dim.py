"""Sizes: every identity at concrete values, soundness of bounds and answers, canonical forms, text."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foreshape.domain.dim import (
    Dim,
    DimLike,
    Var,
    as_var,
    ceildiv,
    divides,
    dmax,
    dmin,
    eq,
    ge,
    gt,
    is_none,
    le,
    lower,
    lt,
    ne,
    of_atom,
    product,
    show,
    solve_eq,
    substitute,
    upper,
    var,
    variables,
)
from foreshape.domain.truth import Truth

from .sizes import ALL, CASES, VALUES, B, Case, I, J, K, N, T, evaluate, variable_of

THOROUGH = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


@THOROUGH
@given(CASES, VALUES)
def test_arithmetic_agrees_with_numbers(case: Case, values: Mapping[Var, int]) -> None:
    assert evaluate(case.size, values) == case.number(values)


@THOROUGH
@given(CASES, VALUES)
def test_bounds_hold(case: Case, values: Mapping[Var, int]) -> None:
    number = case.number(values)
    low, high = lower(case.size), upper(case.size)
    assert low is None or low <= number
    assert high is None or number <= high


@THOROUGH
@given(CASES, CASES, VALUES)
def test_answers_hold(a: Case, b: Case, values: Mapping[Var, int]) -> None:
    x, y = a.number(values), b.number(values)
    for answer, truth in (
        (eq(a.size, b.size), x == y),
        (ne(a.size, b.size), x != y),
        (lt(a.size, b.size), x < y),
        (le(a.size, b.size), x <= y),
        (gt(a.size, b.size), x > y),
        (ge(a.size, b.size), x >= y),
    ):
        assert_consistent(answer, truth)
    if x != 0:
        assert_consistent(divides(a.size, b.size), y % x == 0)


def assert_consistent(answer: Truth, truth: bool) -> None:
    if answer.is_yes:
        assert truth
    if answer.is_no:
        assert not truth


@THOROUGH
@given(CASES, CASES, VALUES, st.sampled_from(ALL))
def test_substitution_agrees_with_numbers(a: Case, b: Case, values: dict[Var, int], where: Dim) -> None:
    v = variable_of(where)
    replaced = substitute(a.size, {v: b.size})
    new_value = b.number(values)
    if v in (variable_of(T), variable_of(B)) and new_value == 0:
        return  # a divisor of 0
    try:
        expected = a.number({**values, v: new_value})
    except ZeroDivisionError:
        return
    # identities that use the bounds of a variable hold only within them
    if not _within(v, new_value, values):
        return
    assert evaluate(replaced, values) == expected


def _within(v: Var, value: int, values: Mapping[Var, int]) -> bool:
    trial = {**values, v: value}
    for each in trial:
        if each.lo is not None and trial[each] < evaluate(each.lo, trial):
            return False
        if each.hi is not None and trial[each] > evaluate(each.hi, trial):
            return False
    return True


@THOROUGH
@given(CASES, CASES, VALUES)
def test_solution_solves(a: Case, b: Case, values: dict[Var, int]) -> None:
    solved = solve_eq(a.size, b.size)
    if solved is None:
        return
    ((v, value),) = solved.items()
    assert v not in variables(value)
    trial = {**values, v: evaluate(value, values)}
    if _within(v, trial[v], values):
        assert a.number(trial) == b.number(trial)


@THOROUGH
@given(st.integers(1, 7), st.integers(1, 7), st.integers(-20, 20), st.integers(-20, 20), st.integers(1, 200))
def test_nested_division_is_one_atom(p: int, q: int, a: int, b: int, t: int) -> None:
    d = ((T + a) // p + b) // q
    assert evaluate(d, {variable_of(T): t}) == ((t + a) // p + b) // q
    assert str(d).count("//") <= 1


@pytest.mark.parametrize("times", [1, 2, 6, 10])
def test_convolutions_of_stride_two_stay_one_atom(times: int) -> None:
    valid: DimLike = T
    same: DimLike = T
    for _ in range(times):
        valid = (valid - 3) // 2 + 1
        same = ceildiv(same, 2)
    assert str(same) == f"(T + {2**times - 1})//{2**times}"
    assert str(valid) == f"(T - {2**times - 1})//{2**times}"


def test_two_ways_to_write_are_one_form() -> None:
    assert (T * N) // T == N
    assert (2 * T + 4) // 2 == T + 2
    assert (2 * T + 5) // 4 == (T + 2) // 2
    assert ceildiv(T, 2) == -(-T // 2)
    assert (3 * T) // 2 == T + T // 2
    assert (N * T) % T == 0
    assert hash(N + T) == hash(T + N)
    assert dmin(N, T) == dmin(T, N)
    assert dmin(N + 2, T + 2) == dmin(N, T) + 2
    assert (T - 1) // T == 0
    assert eq(T - T // 2, (T + 1) // 2).is_yes
    assert eq((N - T) // 2, -((T - N + 1) // 2)).is_yes


def test_constants_come_back_as_int() -> None:
    assert type(N - N) is int
    assert type(N * 0) is int
    assert type((N + 3) - N) is int
    assert type(substitute(N * T, {variable_of(N): 3, variable_of(T): 4})) is int
    assert substitute(N // T, {variable_of(N): 7, variable_of(T): 2}) == 3


def test_symbolic_bounds() -> None:
    i = var("i", 0, N - T - 1)
    assert upper(i + T - N) == -1
    assert lower(N - i) == 2  # i <= n - T - 1, so n - i >= T + 1
    assert lower(N - T) is None
    assert upper(N - T) is None
    assert lower(N * T - T) == 0
    assert lower(N * N - N) == 0
    assert lower(N - N // 2) == 1
    assert (lower(N % 7), upper(N % 7)) == (0, 6)
    assert lower(N % T) == 0
    assert upper(N % T - T) == -1
    assert lower(dmax(N - T, 0)) == 0
    assert upper(dmin(N, 10) - N) == 0
    assert lower(dmin(N, dmin(T, 5))) == 1
    assert upper(dmax(N, 3) - N) == 2


def test_equality() -> None:
    assert eq(T, 12).condition is not None
    assert str(eq(T, 12).condition) == "T = 12"
    assert str(eq(2 * T, 24).condition) == "T = 12"
    assert str(eq(12, T).condition) == "T = 12"
    assert eq(2 * T, 25).is_no
    assert eq(T, 0).is_no
    assert eq(T + 1, T).is_no
    assert eq(N * T, N).condition is not None
    assert str(eq(N * T, 5 * N).condition) == "T = 5"
    assert str(eq(T // 2, 6).condition) == "T is 12 or 13"
    assert str(eq((T - 1) // 2, 6).condition) == "T is 13 or 14"
    assert str(eq((T - 1) // 4, 6).condition) == "T is 25 to 28"
    assert str(eq(N - T, 3).condition) == "n = T + 3"
    assert str(eq(N, T).negate().condition) == "n is not T"
    assert eq(var(None), 3).is_unknown
    assert eq(var(None), 3).condition is None


def test_order() -> None:
    assert str(ge(T, 12).condition) == "T >= 12"
    assert str(gt(T, 12).condition) == "T >= 13"
    assert str(lt(T, 12).condition) == "T <= 11"
    assert str(ge(T, 12).negate().condition) == "T < 12"
    assert str(ge(2 * T, 5).condition) == "T >= 3"
    assert str(le(2 * T, 5).condition) == "T <= 2"
    assert str(gt(N, T).condition) == "n > T"
    assert gt(T, 0).is_yes
    assert le(T, 0).is_no
    assert le(T // 2, T).is_yes


def test_divisibility() -> None:
    assert divides(32, N).is_unknown
    assert str(divides(32, N).condition) == "n is a multiple of 32"
    assert str(divides(32, N).negate().condition) == "n is not a multiple of 32"
    assert str(divides(4, 2 * N).condition) == "n is a multiple of 2"
    assert str(divides(4, N + 1).condition) == "n % 4 = 3"
    assert divides(2, 2 * N + 1).is_no
    assert divides(4, 8 * N).is_yes
    assert divides(T, N * T).is_yes
    assert divides(2, N * N + N).is_unknown
    assert divides(0, N).is_no
    assert divides(N, 0).is_yes
    assert divides(5, var("r", 1, 4)).is_no


def test_solving_prefers_nameless_then_keras_none_then_named() -> None:
    anonymous, keras, step = var(None), var("batch", keras_none=True), var("s", varying=True)
    assert solve_eq(anonymous, N) == {variable_of(anonymous): N}
    assert solve_eq(N, anonymous + 2) == {variable_of(anonymous): N - 2}
    assert solve_eq(N, keras) == {variable_of(keras): N}
    assert solve_eq(2 * N, 20) == {variable_of(N): 10}
    assert solve_eq(2 * N, 21) is None
    assert solve_eq(N, 0) is None  # n is at least 1
    assert solve_eq(step, N) is None
    assert solve_eq(N * N, N) is None
    assert solve_eq(N, N // 2) is None


def test_text() -> None:
    data = var("len(data)")
    assert show(data - 10) == "len(data) - 10"
    assert show(2 * T) == "2*T"
    assert show(T // 2) == "T//2"
    assert show(var(None)) == "?"
    assert show((T - 1) // 2) == "(T - 1)//2"
    assert show(2 * (T // 2)) == "2*(T//2)"
    assert show(-T) == "-T"
    assert show(3 - T) == "3 - T"
    assert show(N * T) == "T*n"
    assert show(T * T) == "T**2"
    assert show((N + 1) // T) == "(n + 1)//T"
    assert show(dmin(N, 10)) == "min(n, 10)"
    assert show(dmax(N - T, 0)) == "max(n - T, 0)"
    assert show(7) == "7"


def test_small_questions() -> None:
    none = var("batch", keras_none=True)
    assert as_var(T) is variable_of(T)
    assert as_var(T + 1) is None
    assert as_var(3) is None
    assert is_none(none * 2)
    assert is_none((none + 1) // 2)
    assert not is_none(T)
    assert not is_none(4)
    assert product([2, T, 3]) == 6 * T
    assert product([]) == 1
    assert variables(dmin(N, T // 2)) == {variable_of(N), variable_of(T)}
    assert of_atom(variable_of(T)) == T


def test_no_accidental_truth() -> None:
    with pytest.raises(TypeError):
        bool(T)
    with pytest.raises(TypeError):
        bool(eq(T, 3))
    with pytest.raises(TypeError):
        T < 3  # type: ignore[operator]  # noqa: B015
    with pytest.raises(ZeroDivisionError):
        T // 0


def test_two_variables_of_one_name_are_different() -> None:
    assert eq(var("n"), var("n")).is_unknown
    assert var("n") != var("n")


@pytest.mark.parametrize("d", [K, I, J, B])
def test_own_bounds(d: Dim) -> None:
    v = variable_of(d)
    if isinstance(v.lo, int):
        assert lower(d) == v.lo
    if isinstance(v.hi, int):
        assert upper(d) == v.hi


def test_effort_is_bounded() -> None:
    many = [var(f"v{i}") for i in range(14)]
    d: DimLike = 0
    for i, v in enumerate(many):
        d = d + dmin(v, many[(i + 1) % 14] - 3) // 2 - dmax(v // 3, 4)
    lower(d)
    upper(d)
    power: DimLike = 1
    for v in many[:6]:
        power = power * (v - 2)
    lower(power)


def test_minimum_and_maximum_by_cases() -> None:
    assert str(eq(dmin(N, 80), 80).condition) == "n >= 80"
    assert str(eq(dmin(N, 80), 50).condition) == "n = 50"
    assert eq(dmin(N, 80), 100).is_no
    assert str(eq(dmax(N - T, 0), 0).condition) == "T >= n"
    assert str(ge(dmax(N - T, 0), 1).condition) == "n > T"
    assert str(ge(dmin(N, 80), 32).condition) == "n >= 32"
    assert str(eq(dmin(N, T), 5).condition) == "min(T, n) = 5"


def test_what_cancels_goes_into_a_minimum() -> None:
    assert N - dmax(N - T, 0) == dmin(T, N)
    assert dmax(N - T, 0) + T == dmax(N, T)
    assert dmin(N + K, T + K) == K + dmin(N, T)
    assert dmin(I + T, N) - I == dmin(T, N - I)
    assert dmin(dmin(N, T) + 1, 5) == dmin(dmin(N + 1, 5), T + 1)
    short = dmin(N, T)
    assert str(N - short * short) == "n - min(T, n)**2"


def test_conditions_in_words() -> None:
    assert str(gt(N, T).condition) == "n > T"
    assert str(gt(N, T).negate().condition) == "n <= T"
    assert str(ge(N, T + 3).condition) == "n >= T + 3"
    assert str(eq(2 * N, 2 * T + 4).condition) == "n = T + 2"
    assert str(ge(10, N + T).condition) == "n + T <= 10"
    assert str(lt(N + T, 1 + K).condition) == "k >= n + T"
