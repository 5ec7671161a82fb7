"""Random sizes for property tests: expressions with variables, and what they are for concrete values."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hypothesis import strategies as st

from foreshape.domain.dim import Dim, DimLike, FloorDiv, Max, Min, Var, as_var, dmax, dmin, floordiv, var


def evaluate(d: DimLike, values: Mapping[Var, int]) -> int:
    """The number that a size is for these values, worked out without the code under test."""
    if isinstance(d, int):
        return d
    total = 0
    for mono, coef in d.terms.items():
        factor = coef
        for atom, power in mono:
            if isinstance(atom, Var):
                number = values[atom]
            elif isinstance(atom, FloorDiv):
                number = evaluate(atom.num, values) // evaluate(atom.den, values)
            else:
                assert isinstance(atom, (Min, Max))
                pick: Callable[..., int] = min if isinstance(atom, Min) else max
                number = pick(evaluate(arg, values) for arg in atom.args)
            factor *= number**power
        total += factor
    return total


class Case:
    """An expression built twice: as a size, and as a function of the values of its variables."""

    def __init__(self, size: DimLike, number: Callable[[Mapping[Var, int]], int]) -> None:
        self.size = size
        self.number = number

    def __repr__(self) -> str:
        return f"Case({self.size})"


def variable_of(d: DimLike) -> Var:
    v = as_var(d)
    assert v is not None
    return v


N, T, K = var("n"), var("T"), var("k", 0)
B = var("b", 2, 9)
I = var("i", 0, N + T - 1)  # noqa: E741  the index of a loop
J = var("j", -3, I)
ALL: tuple[Dim, ...] = (N, T, K, B, I, J)


def _leaf_number(v: Var) -> Callable[[Mapping[Var, int]], int]:
    return lambda values: values[v]


def _constant(value: int) -> Case:
    return Case(value, lambda values: value)


_BINARY: dict[str, tuple[Callable[..., DimLike], Callable[[int, int], int]]] = {
    "+": (lambda a, b: a + b, lambda a, b: a + b),
    "-": (lambda a, b: a - b, lambda a, b: a - b),
    "*": (lambda a, b: a * b, lambda a, b: a * b),
    "min": (dmin, min),
    "max": (dmax, max),
}


def _binary(op: str, a: Case, b: Case) -> Case:
    build, plain = _BINARY[op]
    return Case(build(a.size, b.size), lambda values: plain(a.number(values), b.number(values)))


def _division(op: str, a: Case, d: int) -> Case:
    if op == "//":
        return Case(floordiv(a.size, d), lambda values: a.number(values) // d)
    return Case(a.size % d, lambda values: a.number(values) % d)


def _by_variable(a: Case, d: Dim, op: str) -> Case:
    v = variable_of(d)
    if op == "//":
        return Case(a.size // d, lambda values: a.number(values) // values[v])
    return Case(a.size % d, lambda values: a.number(values) % values[v])


_LEAVES = st.one_of(
    st.sampled_from([Case(d, _leaf_number(variable_of(d))) for d in ALL]), st.integers(-6, 12).map(_constant)
)


def _extend(children: st.SearchStrategy[Case]) -> st.SearchStrategy[Case]:
    return st.one_of(
        st.builds(_binary, st.sampled_from(["+", "-", "+", "-", "*", "min", "max"]), children, children),
        st.builds(_division, st.sampled_from(["//", "//", "%"]), children, st.sampled_from([1, 2, 3, 4, 6, -2, -3])),
        st.builds(_by_variable, children, st.sampled_from([T, B]), st.sampled_from(["//", "%"])),
    )


CASES: st.SearchStrategy[Case] = st.recursive(_LEAVES, _extend, max_leaves=8)


@st.composite
def assignments(draw: st.DrawFn) -> dict[Var, int]:
    """Values within the bounds of the variables."""
    n, t = draw(st.integers(1, 40)), draw(st.integers(1, 20))
    i = draw(st.integers(0, n + t - 1))
    numbers = (n, t, draw(st.integers(0, 30)), draw(st.integers(2, 9)), i, draw(st.integers(-3, i)))
    return {variable_of(d): number for d, number in zip(ALL, numbers, strict=True)}


VALUES = assignments()
