"""Comparison of sizes: each answer is a `Truth`, with the condition in words where it depends.

Whatever is not settled by canonical form, bounds and facts comes back as "depends", solved for one variable where the
question is linear in it: "T = 12".
"""

from __future__ import annotations

from math import gcd
from typing import TYPE_CHECKING

from foreshape.domain.bounds import lower, upper
from foreshape.domain.dim_text import show
from foreshape.domain.division import divide, floordiv
from foreshape.domain.polynomial import (
    ONE,
    Dim,
    DimLike,
    FloorDiv,
    Max,
    Min,
    Terms,
    Var,
    as_atom,
    atoms,
    of_atom,
    of_monomial,
    of_terms,
    replace_atom,
    split_linear,
    variables,
)
from foreshape.domain.truth import NO, YES, Condition, Truth, both, either

if TYPE_CHECKING:
    from foreshape.domain.facts import Facts


def difference(a: DimLike, b: DimLike, facts: Facts | None = None) -> DimLike:
    d = a - b
    return d if isinstance(d, int) or facts is None else facts.resolve(d)


def eq(a: DimLike, b: DimLike, facts: Facts | None = None) -> Truth:
    """a == b."""
    if isinstance(a, int) and isinstance(b, int):
        return YES if a == b else NO
    d = difference(a, b, facts)
    if isinstance(d, int):
        return YES if d == 0 else NO
    low, high = lower(d, facts), upper(d, facts)
    if low == 0 and high == 0:
        return YES
    if (low is not None and low > 0) or (high is not None and high < 0) or not _can_vanish(d):
        return NO
    reduced = _without_common_factor(d, facts)
    if reduced is not d:
        return eq(reduced, 0, facts)
    normal = normal_form(d)
    if isinstance(normal, int):
        return YES if normal == 0 else NO
    if not _can_vanish(normal):
        return NO
    if facts is not None:
        known = facts.truth_of(("==", d))
        if known is not None:
            return known
    by_cases = _eq_by_cases(d, facts)
    return by_cases if by_cases is not None else Truth.depends(_condition("==", d, facts))


def ne(a: DimLike, b: DimLike, facts: Facts | None = None) -> Truth:
    """a != b."""
    return eq(a, b, facts).negate()


def ge(a: DimLike, b: DimLike, facts: Facts | None = None) -> Truth:
    """a >= b."""
    if isinstance(a, int) and isinstance(b, int):
        return YES if a >= b else NO
    d = difference(a, b, facts)
    low = lower(d, facts)
    if low is not None and low >= 0:
        return YES
    high = upper(d, facts)
    if high is not None and high < 0:
        return NO
    if isinstance(d, int):
        return YES if d >= 0 else NO
    normal = normal_form(d)
    if normal != d:
        return ge(normal, 0, facts)
    by_cases = _ge_by_cases(d, facts)
    if by_cases is not None:
        return by_cases
    return Truth.depends(_condition(">=", d, facts))


def le(a: DimLike, b: DimLike, facts: Facts | None = None) -> Truth:
    """a <= b."""
    return ge(b, a, facts)


def gt(a: DimLike, b: DimLike, facts: Facts | None = None) -> Truth:
    """a > b."""
    return ge(a, b + 1, facts)


def lt(a: DimLike, b: DimLike, facts: Facts | None = None) -> Truth:
    """a < b."""
    return ge(b, a + 1, facts)


def divides(d: DimLike, n: DimLike, facts: Facts | None = None) -> Truth:
    """n % d == 0. A divisor of 0 divides nothing here."""
    if facts is not None:
        d, n = facts.resolve(d), facts.resolve(n)
    if isinstance(d, int):
        if d == 0:
            return NO
        d = abs(d)
        if isinstance(n, int):
            return YES if n % d == 0 else NO
        if d == 1:
            return YES
        return _divides_const(d, n, facts)
    if isinstance(n, int) and n == 0:
        return YES
    rest = divide(n, d)[1]
    if isinstance(rest, int) and rest == 0:
        return YES
    left = n - d * floordiv(n, d)
    low, high = lower(left, facts), upper(left, facts)
    if low == 0 and high == 0:
        return YES
    if low is not None and low > 0:
        return NO
    relation = ("|", (d, n))
    if facts is not None:
        known = facts.truth_of(relation)
        if known is not None:
            return known
    return Truth.depends(_divides_condition(d, n))


def _divides_const(d: int, n: Dim, facts: Facts | None) -> Truth:
    terms: Terms = {}
    for mono, coef in n.terms.items():
        if coef % d:
            terms[mono] = coef % d
    rest = of_terms(terms)
    if facts is not None and isinstance(rest, Dim):
        rest = facts.reduce_modulo(rest, d)
    if isinstance(rest, int):
        return YES if rest % d == 0 else NO
    common = gcd(d, *(coef for mono, coef in rest.terms.items() if mono != ONE))
    if rest.terms.get(ONE, 0) % common:
        return NO
    for candidate in (rest, n):
        low, high = lower(candidate, facts), upper(candidate, facts)
        if low is not None and high is not None and low // d == high // d and low % d:
            return NO
    left = normal_form(n - d * floordiv(n, d))
    if isinstance(left, int):
        return YES if left == 0 else NO
    if facts is not None:
        known = facts.truth_of(("|", (d, n)))
        if known is not None:
            return known
    if common > 1:
        rest = of_terms({mono: coef // common for mono, coef in rest.terms.items()})
        d //= common
    if isinstance(rest, Dim):
        content = gcd(*rest.terms.values())
        if content > 1 and gcd(content, d) == 1:
            rest = of_terms({mono: coef // content for mono, coef in rest.terms.items()})
    return Truth.depends(_divides_condition(d, rest))


def _single_extreme(d: Dim) -> tuple[Min | Max, int, list[DimLike]] | None:
    """(atom, its coefficient, d with each argument in its place) for the one minimum or maximum of two in d."""
    special = [atom for atom in atoms(d) if isinstance(atom, (Min, Max))]
    if len(special) != 1 or len(special[0].args) != 2:
        return None
    parts = split_linear(d, special[0])
    if parts is None or not isinstance(parts[0], int):
        return None
    # in the order of their text, so that conditions read the same in every run
    args = sorted(special[0].args, key=show)
    return special[0], parts[0], [parts[0] * arg + parts[1] for arg in args]


def _ge_by_cases(d: Dim, facts: Facts | None) -> Truth | None:
    """min(a, b) >= c is a >= c and b >= c; max(a, b) >= c is a >= c or b >= c."""
    found = _single_extreme(d)
    if found is None:
        return None
    atom, coef, (first, second) = found
    combine = both if isinstance(atom, Min) == (coef > 0) else either
    return combine(ge(first, 0, facts), ge(second, 0, facts))


def _eq_by_cases(d: Dim, facts: Facts | None) -> Truth | None:
    """min(n, 80) = 80 is n >= 80; None where the cases say no more than the equation itself."""
    found = _single_extreme(d)
    if found is None:
        return None
    atom, coef, (first, second) = found
    # d is the smaller of both, or the larger one: it is 0 where one is 0 and the other on its side
    sign = 1 if isinstance(atom, Min) == (coef > 0) else -1
    cases = [
        (eq(first, 0, facts), ge(sign * second, 0, facts)),
        (eq(second, 0, facts), ge(sign * first, 0, facts)),
    ]
    cases = [(zero, side) for zero, side in cases if not (zero.is_no or side.is_no)]
    if not cases:
        return NO
    if len(cases) == 1:
        return both(*cases[0])
    certain = [side for zero, side in cases if zero.is_yes]
    return certain[0] if len(certain) == 1 else None


def _can_vanish(d: Dim) -> bool:
    """False when the greatest common divisor of the coefficients does not divide the constant."""
    constant = d.terms.get(ONE, 0)
    return constant % gcd(*(coef for mono, coef in d.terms.items() if mono != ONE)) == 0


def _without_common_factor(d: Dim, facts: Facts | None) -> DimLike:
    """d / f where f is what all products share and is never 0; d itself if there is none."""
    if ONE in d.terms:
        return d
    monos = [dict(mono) for mono in d.terms]
    shared = {
        atom: min(mono.get(atom, 0) for mono in monos) for atom in monos[0] if all(atom in mono for mono in monos)
    }
    nonzero = {atom: power for atom, power in shared.items() if power and _never_zero(of_atom(atom), facts)}
    if not nonzero:
        return d
    terms: Terms = {}
    for mono, coef in d.terms.items():
        left = frozenset((a, p - nonzero.get(a, 0)) for a, p in mono if p > nonzero.get(a, 0))
        terms[left] = coef
    return of_terms(terms)


def _never_zero(d: DimLike, facts: Facts | None) -> bool:
    low = lower(d, facts)
    if low is not None and low > 0:
        return True
    high = upper(d, facts)
    return high is not None and high < 0


def normal_form(d: DimLike) -> DimLike:
    """d with every division in one form, for comparison only: T - T//2 and (T + 1)//2 become the same.

    floor(n/p) with its coefficients reduced modulo p has two forms, through n and through -n; the one that
    sorts first is taken.
    """
    if isinstance(d, int):
        return d
    result: DimLike = d
    for mono in list(d.terms):
        for atom, _ in mono:
            if isinstance(atom, FloorDiv) and isinstance(atom.den, int) and isinstance(atom.num, Dim):
                result = replace_atom(result, atom, _normal_division(atom.num, atom.den))
    return result


def _normal_division(num: Dim, den: int) -> DimLike:
    def reduced(n: Dim) -> tuple[DimLike, Terms]:
        rest: Terms = {mono: coef % den for mono, coef in n.terms.items() if coef % den}
        whole = of_terms({mono: coef // den for mono, coef in n.terms.items()})
        return whole, rest

    def key(rest: Terms) -> tuple[tuple[int, int], ...]:
        # any order will do that is the same for both forms within this process
        return (*sorted((hash(mono), coef) for mono, coef in rest.items() if mono != ONE), (0, rest.get(ONE, 0)))

    whole_a, rest_a = reduced(num)
    flipped = den - 1 - num
    if isinstance(flipped, int):
        return whole_a
    whole_b, rest_b = reduced(flipped)
    if key(rest_a) <= key(rest_b):
        return whole_a + of_atom(FloorDiv(of_terms(rest_a), den))
    return -(whole_b + of_atom(FloorDiv(of_terms(rest_b), den)))


# Conditions in words


def _nameless(d: DimLike) -> bool:
    return any(v.name is None for v in variables(d))


def _condition(op: str, d: Dim, facts: Facts | None) -> Condition | None:
    """`d op 0` in words; None where it would have to name something that has no name."""
    if _nameless(d):
        return None
    relation: tuple[str, object] = (op, d)
    opposite: tuple[str, object] = ("!=", d) if op == "==" else (">=", -d - 1)
    solved = _solved(op, d)
    if solved is not None:
        return Condition(solved[0], solved[1], relation, opposite)
    text, other = _two_sided(op, d)
    return Condition(text, other, relation, opposite)


def _two_sided(op: str, d: Dim) -> tuple[str, str]:
    """As in "n = T + 3", "n > T": what is added on the left, what is taken away on the right."""
    common = gcd(*(coef for mono, coef in d.terms.items() if mono != ONE))
    left = of_terms({m: c // common for m, c in d.terms.items() if c > 0 and m != ONE})
    right = of_terms({m: -c // common for m, c in d.terms.items() if c < 0 and m != ONE})
    # an equation is only asked where the constant divides, an inequality may round it down
    constant = d.terms.get(ONE, 0) // common
    strict = op == ">=" and constant == -1
    if constant > 0:
        left = left + constant
    elif not strict:
        right = right - constant
    words = ("=", "is not") if op == "==" else (">", "<=") if strict else (">=", "<")
    if isinstance(left, int):
        left, right = right, left
        words = {"=": ("=", "is not"), ">=": ("<=", ">"), ">": ("<", ">=")}[words[0]]
    return f"{show(left)} {words[0]} {show(right)}", f"{show(left)} {words[1]} {show(right)}"


def _solved(op: str, d: Dim) -> tuple[str, str] | None:
    """The condition for one thing x in c*x + k: a variable, or a division by a constant of one."""
    monos = [mono for mono in d.terms if mono != ONE]
    if len(monos) != 1:
        return None
    coef, constant = d.terms[monos[0]], d.terms.get(ONE, 0)
    base = of_monomial(monos[0])
    atom = as_atom(base)
    name = show(base)
    if op == "==":
        if constant % coef:
            return None
        value = -constant // coef
        if isinstance(atom, FloorDiv) and isinstance(atom.den, int):
            v = as_atom(atom.num - (atom.num.terms.get(ONE, 0) if isinstance(atom.num, Dim) else atom.num))
            if isinstance(v, Var) and isinstance(atom.num, Dim):
                shift = atom.num.terms.get(ONE, 0)
                first, last = value * atom.den - shift, (value + 1) * atom.den - 1 - shift
                text = show(of_atom(v))
                span = f"{first} or {last}" if last == first + 1 else f"{first} to {last}"
                return f"{text} is {span}", f"{text} is not {span}"
        return f"{name} = {value}", f"{name} is not {value}"
    if coef > 0:
        end = -(constant // coef)
        return f"{name} >= {end}", f"{name} < {end}"
    end = constant // -coef
    return f"{name} <= {end}", f"{name} > {end}"


def _divides_condition(d: DimLike, n: DimLike) -> Condition | None:
    if _nameless(d) or _nameless(n):
        return None
    if isinstance(d, int) and isinstance(n, Dim) and len(n.terms) == 2 and ONE in n.terms:
        # the rest of a division says it best: T % 4 = 3
        ((mono, coef),) = [(m, c) for m, c in n.terms.items() if m != ONE]
        if coef == 1:
            rest = -n.terms[ONE] % d
            text = show(of_monomial(mono))
            return Condition(f"{text} % {d} = {rest}", f"{text} % {d} is not {rest}", ("|", (d, n)), ("!|", (d, n)))
    text, by = show(n), show(d)
    return Condition(
        f"{text} is a multiple of {by}", f"{text} is not a multiple of {by}", ("|", (d, n)), ("!|", (d, n))
    )


# Solving


def solve_eq(a: DimLike, b: DimLike, *, varying: bool = False) -> dict[Var, DimLike] | None:
    """The one substitution that makes a == b, or None.

    Solves for a variable that stands alone with a coefficient that divides the rest: nameless ones first, then
    those that Keras sees as None, then the others. Nothing is learnt from an equation with a varying variable (it
    holds in this step only) unless `varying` says that the caller scopes it.
    """
    d = a - b
    if isinstance(d, int):
        return None
    if not varying and any(v.varying for v in variables(d)):
        return None
    best: tuple[int, Var, DimLike] | None = None
    for mono, coef in d.terms.items():
        v = as_atom(of_monomial(mono))
        if not isinstance(v, Var):
            continue
        parts = split_linear(d, v)
        if parts is None or not isinstance(parts[0], int):
            continue
        rest = parts[1]
        if v in variables(rest):
            continue
        if not isinstance(rest, int) and any(c % coef for c in rest.terms.values()):
            continue
        if isinstance(rest, int) and rest % coef:
            continue
        value = of_terms({m: -(c // coef) for m, c in rest.terms.items()}) if isinstance(rest, Dim) else -(rest // coef)
        if not _within(value, v) or v in _bound_variables(value):
            continue
        rank = 0 if v.name is None else 1 if v.keras_none else 2
        if not isinstance(value, int) and _symbolic_range(v):
            rank += 3
        if best is None or rank < best[0]:
            best = (rank, v, value)
    return None if best is None else {best[1]: best[2]}


def _symbolic_range(v: Var) -> bool:
    return isinstance(v.lo, Dim) or isinstance(v.hi, Dim)


def _bound_variables(d: DimLike) -> frozenset[Var]:
    found: set[Var] = set()
    pending = [d]
    while pending:
        for v in variables(pending.pop()):
            if v not in found:
                found.add(v)
                pending.extend(end for end in (v.lo, v.hi) if isinstance(end, Dim))
    return frozenset(found)


def _within(value: DimLike, v: Var) -> bool:
    """False when the value cannot be in the range of v."""
    if v.lo is not None:
        high = upper(value - v.lo)
        if high is not None and high < 0:
            return False
    if v.hi is not None:
        low = lower(value - v.hi)
        if low is not None and low > 0:
            return False
    return True
