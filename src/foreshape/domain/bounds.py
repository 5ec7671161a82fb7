"""Lower and upper bounds of sizes, from the bounds of their variables and from facts.

Sound: a bound that is returned holds for every value that the variables may take. Not complete: None where none is
found within a small, fixed effort. A variable in a size is replaced by the end of its range that makes the size
smallest, innermost ranges first, so that `i + T - n` with `i <= n - T - 1` comes out as at most -1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.division import divide
from foreshape.domain.polynomial import (
    ONE,
    Atom,
    Dim,
    DimLike,
    FloorDiv,
    Max,
    Min,
    Var,
    as_atom,
    atoms,
    of_monomial,
    replace_atom,
    split_linear,
    variables,
)

if TYPE_CHECKING:
    from foreshape.domain.facts import Facts

EFFORT = 120
"""Steps that one question may take."""


class _Budget:
    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self) -> bool:
        self.left -= 1
        return self.left >= 0


def lower(d: DimLike, facts: Facts | None = None) -> int | None:
    """The largest integer found that `d` never goes below, or None."""
    if isinstance(d, int):
        return d
    if facts is not None:
        d = facts.resolve(d)
        if isinstance(d, int):
            return d
        if facts.inequalities:
            return facts.remember_lower(d, _lower_from)
    return _cached(d)[0]


def upper(d: DimLike, facts: Facts | None = None) -> int | None:
    """The smallest integer found that `d` never goes above, or None."""
    if isinstance(d, int):
        return d
    if facts is not None:
        low = lower(-d, facts)
        return None if low is None else -low
    return _cached(d)[1]


def _lower_from(d: Dim, known: tuple[Dim, ...]) -> int | None:
    return _lower_with(d, known, _Budget(4 * EFFORT), 2)


def _cached(d: Dim) -> tuple[int | None, int | None]:
    # the bounds of a variable never change, so neither do these
    if d._bounds is None:
        low = _low(d, _Budget(EFFORT))
        negative = _low(-d, _Budget(EFFORT))
        d._bounds = (low, None if negative is None else -negative)
    return d._bounds


def _lower_with(d: DimLike, known: tuple[Dim, ...], budget: _Budget, depth: int) -> int | None:
    """A lower bound of d given that each of `known` is >= 0: d >= lower(d - k*g) for any k >= 0."""
    if isinstance(d, int):
        return d
    best = _low(d, budget)
    if depth == 0:
        return best
    for g in known:
        tried: set[int] = set()
        for mono, coef in g.terms.items():
            if mono == ONE or mono not in d.terms:
                continue
            ratio, left = divmod(d.terms[mono], coef)
            if left or ratio <= 0 or ratio in tried:
                continue
            tried.add(ratio)
            if not budget.spend():
                return best
            best = _larger(best, _lower_with(d - ratio * g, known, budget, depth - 1))
    return best


def _larger(a: int | None, b: int | None) -> int | None:
    if a is None:
        return b
    if b is None:
        return a
    return max(a, b)


def _low(d: DimLike, budget: _Budget) -> int | None:
    if isinstance(d, int):
        return d
    if not budget.spend():
        return None
    simple, bound = _low_linear(d)
    if simple:
        return bound
    division: FloorDiv | None = None
    for atom in atoms(d):
        if isinstance(atom, (Min, Max)):
            return _low_extreme(d, atom, budget)
        if division is None and isinstance(atom, FloorDiv):
            division = atom
    if division is not None:
        found = _low_division(d, division, budget)
        return found if found is not None else _low_terms(d, budget)
    return _low_variables(d, budget)


def _low_linear(d: Dim) -> tuple[bool, int | None]:
    """(True, bound) for a sum of variables whose ranges are numbers: the common case, and exact."""
    total: int | None = 0
    for mono, coef in d.terms.items():
        if mono == ONE:
            total = None if total is None else total + coef
            continue
        if len(mono) != 1:
            return False, None
        ((atom, power),) = mono
        if power != 1 or not isinstance(atom, Var):
            return False, None
        end = atom.lo if coef > 0 else atom.hi
        if isinstance(end, Dim) or isinstance(atom.lo, Dim) or isinstance(atom.hi, Dim):
            return False, None
        total = None if total is None or end is None else total + coef * end
    return True, total


def _sign(c: DimLike, budget: _Budget) -> int:
    """1 if c is never negative, -1 if it is never positive, 0 if that is not known."""
    if isinstance(c, int):
        return 1 if c >= 0 else -1
    low = _low(c, budget)
    if low is not None and low >= 0:
        return 1
    high = _low(-c, budget)
    return -1 if high is not None and high >= 0 else 0


def _low_extreme(d: Dim, atom: Min | Max, budget: _Budget) -> int | None:
    """d with a minimum or maximum in it is d with one of its arguments there."""
    bounds = [_low(replace_atom(d, atom, arg), budget) for arg in atom.args]
    parts = split_linear(d, atom)
    if parts is not None:
        sign = _sign(parts[0], budget)
        if (sign > 0 and isinstance(atom, Max)) or (sign < 0 and isinstance(atom, Min)):
            # -min(a, b) is at least -a and at least -b
            return max((bound for bound in bounds if bound is not None), default=None)
    if any(bound is None for bound in bounds):
        return None
    return min(bound for bound in bounds if bound is not None)


def _low_division(d: Dim, atom: FloorDiv, budget: _Budget) -> int | None:
    """d = c*q + rest with q = num // den, hence num - den + 1 <= den*q <= num for den > 0."""
    parts = split_linear(d, atom)
    if parts is None:
        return None
    c, rest = parts
    num, den = atom.num, atom.den
    best: int | None = None
    den_low = _low(den, budget)
    if den_low is None or den_low < 1:
        return None
    if isinstance(den, int):
        sign = _sign(c, budget)
        if sign:
            end = num if sign < 0 else num - den + 1
            scaled = _low(den * rest + c * end, budget)
            if scaled is not None:
                best = -(-scaled // den)
    else:
        factor, left = divide(c, den)
        if isinstance(left, int) and left == 0:
            sign = _sign(factor, budget)
            if sign:
                end = num if sign < 0 else num - den + 1
                best = _low(rest + factor * end, budget)
    if best is None or isinstance(den, int):
        best = _larger(best, _low_quotient(c, rest, num, den, budget))
    return best


def _low_quotient(c: DimLike, rest: DimLike, num: DimLike, den: DimLike, budget: _Budget) -> int | None:
    """As if the quotient had nothing to do with the other terms: only its own range counts."""
    sign = _sign(c, budget)
    if sign == 0:
        return None
    end: DimLike | None = None
    if sign > 0:
        low = _low(num, budget)
        if low is not None:
            if isinstance(den, int):
                end = low // den
            else:
                end = 0 if low >= 0 else low  # dividing by more than 1 only brings it nearer to zero
    else:
        negative = _low(-num, budget)
        if negative is not None:
            high = -negative
            if isinstance(den, int):
                end = high // den
            else:
                end = high if high >= 0 else -1
        if end is None and not isinstance(den, int):
            low = _low(num, budget)
            if low is not None and low >= 0:
                end = num  # num // den <= num
    return None if end is None else _low(c * end + rest, budget)


def _symbolic_ends(v: Var) -> bool:
    return isinstance(v.lo, Dim) or isinstance(v.hi, Dim)


def _low_variables(d: Dim, budget: _Budget) -> int | None:
    """Replace a variable by the end of its range that makes d smallest, then go on with what is left."""
    own = [atom for atom in atoms(d) if isinstance(atom, Var)]
    needed: set[Var] = set()
    for v in own:
        for end in (v.lo, v.hi):
            if isinstance(end, Dim):
                needed |= variables(end)
    # ranges that depend on other variables first, the variables that they depend on last
    own.sort(key=lambda v: (v in needed, not _symbolic_ends(v)))
    best: int | None = None
    for v in own:
        parts = split_linear(d, v)
        if parts is None:
            continue
        c, rest = parts
        sign = _sign(c, budget)
        end = v.lo if sign > 0 else v.hi if sign < 0 else None
        if end is None:
            continue
        best = _low(c * end + rest, budget)
        break
    if best is None:
        best = _low_terms(d, budget)
    return best


def _low_terms(d: Dim, budget: _Budget) -> int | None:
    """Bound each product on its own, from the ranges of its factors."""
    shifted = _low_shifted(d)
    if shifted is not None:
        return shifted
    total = 0
    for mono, coef in d.terms.items():
        if mono == ONE:
            total += coef
            continue
        low: int | None = 1
        high: int | None = 1
        for atom, power in mono:
            atom_low, atom_high = _atom_range(atom, budget)
            if atom_low is None or atom_low < 0:
                return None
            low = low * atom_low**power if low is not None else None
            high = None if high is None or atom_high is None else high * atom_high**power
        end = low if coef > 0 else high
        if end is None:
            return None
        total += coef * end
    return total


def _low_shifted(d: Dim) -> int | None:
    """Write every variable as its lowest value and a rest: where all coefficients are then >= 0, the constant is it."""
    moved: DimLike = d
    for atom in atoms(d):
        if not isinstance(atom, Var):
            return None
        if not isinstance(atom.lo, int):
            return None
        if atom.lo != 0:
            moved = replace_atom(moved, atom, of_monomial(frozenset(((atom, 1),))) + atom.lo)
    if isinstance(moved, int):
        return moved
    if any(coef < 0 for mono, coef in moved.terms.items() if mono != ONE):
        return None
    return moved.terms.get(ONE, 0)


def _atom_range(atom: Atom, budget: _Budget) -> tuple[int | None, int | None]:
    if isinstance(atom, Var):
        low = atom.lo if isinstance(atom.lo, int) or atom.lo is None else _low(atom.lo, budget)
        if isinstance(atom.hi, int) or atom.hi is None:
            return low, atom.hi
        negative = _low(-atom.hi, budget)
        return low, None if negative is None else -negative
    own = of_monomial(frozenset(((atom, 1),)))
    if isinstance(own, int) or as_atom(own) is None:
        return None, None
    if isinstance(atom, FloorDiv):
        low = _low_division(own, atom, budget) if isinstance(own, Dim) else None
        negative = _low_division(-own, atom, budget)
        return low, None if negative is None else -negative
    low = _low(own, budget)
    negative = _low(-own, budget)
    return low, None if negative is None else -negative
