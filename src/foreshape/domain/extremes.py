"""The smaller and the larger of two sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.polynomial import (
    ONE,
    Dim,
    DimLike,
    Max,
    Min,
    Terms,
    Var,
    as_atom,
    atoms,
    constant_part,
    of_atom,
    of_terms,
)

if TYPE_CHECKING:
    from foreshape.domain.facts import Facts


def dmin(a: DimLike, b: DimLike, facts: Facts | None = None) -> DimLike:
    """The smaller one: decided by bounds and facts where possible, otherwise an atom."""
    if isinstance(a, int) and isinstance(b, int):
        return min(a, b)
    if facts is not None:
        a, b = facts.resolve(a), facts.resolve(b)
    return smallest_or_largest((a, b), Min, facts)


def dmax(a: DimLike, b: DimLike, facts: Facts | None = None) -> DimLike:
    """The larger one: decided by bounds and facts where possible, otherwise an atom."""
    if isinstance(a, int) and isinstance(b, int):
        return max(a, b)
    if facts is not None:
        a, b = facts.resolve(a), facts.resolve(b)
    return smallest_or_largest((a, b), Max, facts)


def smallest_or_largest(sides: tuple[DimLike, ...], kind: type[Min] | type[Max], facts: Facts | None = None) -> DimLike:
    """The minimum or maximum of some sizes. What all of them have in common stands outside: 1 + min(n, T)."""
    from foreshape.domain.bounds import lower

    sign = -1 if kind is Min else 1
    kept: list[DimLike] = []
    for arg in _flattened(sides, kind):
        # an argument goes when another one always reaches it
        if any(_at_least(lower(sign * (other - arg), facts), 0) for other in kept):
            continue
        kept = [other for other in kept if not _at_least(lower(sign * (arg - other), facts), 0)]
        kept.append(arg)
    if len(kept) == 1:
        return kept[0]
    shift = _common(kept)
    return shift + of_atom(kind(frozenset(arg - shift for arg in kept)))


def _flattened(sides: tuple[DimLike, ...], kind: type[Min] | type[Max]) -> list[DimLike]:
    args: list[DimLike] = []
    for side in sides:
        constant = constant_part(side)
        atom = as_atom(side - constant)
        if isinstance(atom, kind):
            args.extend(arg + constant for arg in atom.args)
        else:
            args.append(side)
    return args


def _common(args: list[DimLike]) -> DimLike:
    """The products that all have with the same coefficient, and the smallest of the constants."""
    terms: Terms = {}
    first = args[0]
    if isinstance(first, Dim) and all(isinstance(arg, Dim) for arg in args):
        for mono, coef in first.terms.items():
            if mono != ONE and all(isinstance(arg, Dim) and arg.terms.get(mono) == coef for arg in args):
                terms[mono] = coef
    terms[ONE] = min(constant_part(arg) for arg in args)
    return of_terms(terms)


def _at_least(bound: int | None, value: int) -> bool:
    return bound is not None and bound >= value


DEEP = 60
"""Parts of a size, those of the ranges of its variables included, from which on it is left as it is written."""


def _is_deep(d: Dim) -> bool:
    """Whether ranges stand in ranges so often that asking about this size would ask about ever more of them."""
    pending: list[object] = [d]
    count = 0
    while pending:
        part = pending.pop()
        if not isinstance(part, Dim):
            continue
        for atom in atoms(part):
            count += 1
            if count > DEEP:
                return True
            if isinstance(atom, Var):
                pending += (atom.lo, atom.hi)
            elif isinstance(atom, (Min, Max)):
                pending += atom.args
            else:
                pending += (atom.num, atom.den)
    return False


def absorbed(d: Dim) -> DimLike:
    """d with what cancels in its one minimum or maximum taken into it: n - max(n - T, 0) is min(T, n)."""
    found: tuple[Min | Max, int] | None = None
    for mono, coef in d.terms.items():
        for atom, power in mono:
            if isinstance(atom, (Min, Max)):
                if found is not None or len(mono) != 1 or power != 1 or coef not in (1, -1):
                    return d
                found = (atom, coef)
    if found is None:
        return d
    atom, sign = found
    own = frozenset(((atom, 1),))
    taken: Terms = {}
    for mono, coef in d.terms.items():
        if mono in (ONE, own):
            continue
        if any(isinstance(arg, Dim) and arg.terms.get(mono) == -sign * coef for arg in atom.args):
            taken[mono] = coef
    if not taken or d.terms[own] != sign or _is_deep(d):
        return d
    inside = of_terms(taken)
    kind = type(atom) if sign == 1 else Max if isinstance(atom, Min) else Min
    rest = of_terms({mono: coef for mono, coef in d.terms.items() if mono != own and mono not in taken})
    return rest + smallest_or_largest(tuple(inside + sign * arg for arg in atom.args), kind)
