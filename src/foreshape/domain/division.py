"""Floor division of sizes, kept in one form."""

from __future__ import annotations

from math import gcd

from foreshape.domain.polynomial import (
    ONE,
    Dim,
    DimLike,
    FloorDiv,
    Monomial,
    Terms,
    atoms,
    of_atom,
    of_terms,
    times_monomial,
)


def floordiv(num: DimLike, den: DimLike) -> DimLike:
    """num // den, rounding down as Python does. Raises ZeroDivisionError for a constant 0."""
    if isinstance(den, int):
        if isinstance(num, int):
            return num // den
        return _floordiv_const(num, den)
    return _floordiv_symbolic(num, den)


def ceildiv(num: DimLike, den: DimLike) -> DimLike:
    """num / den rounded up."""
    if isinstance(den, int) and den > 0:
        return floordiv(num + (den - 1), den)
    return -floordiv(-num, den)


def _floordiv_const(num: Dim, den: int) -> DimLike:
    if den == 0:
        raise ZeroDivisionError("division of a size by zero")
    if den < 0:
        return floordiv(-num, -den)
    if den == 1:
        return num
    whole: Terms = {}
    rest: Terms = {}
    for mono, coef in num.terms.items():
        if mono == ONE:
            part = coef // den  # the constant that stays is in [0, den)
        else:
            part = coef // den if coef > 0 else -(-coef // den)  # towards zero, which reads better: (n - T)//2
        if part:
            whole[mono] = part
        if coef - part * den:
            rest[mono] = coef - part * den
    outside = of_terms(whole)
    inside = of_terms(rest)
    if isinstance(inside, int):
        return outside + inside // den
    return outside + _floordiv_reduced(inside, den)


def _floordiv_reduced(num: Dim, den: int) -> DimLike:
    """`num // den` where no coefficient of num reaches den."""
    coefs = [coef for mono, coef in num.terms.items() if mono != ONE]
    if all(coef < 0 for coef in coefs):
        # -x // d is -((x + d - 1) // d): one form for both ways to write it
        return -floordiv(den - 1 - num, den)
    common = gcd(den, *coefs)
    if common > 1:
        smaller = {mono: coef // common for mono, coef in num.terms.items()}  # also rounds the constant down
        return floordiv(of_terms(smaller), den // common)
    merged = _merge_nested(num, den)
    if merged is not None:
        return merged
    from foreshape.domain.bounds import lower, upper

    low, high = lower(num), upper(num)
    if low is not None and high is not None and low // den == high // den:
        return low // den
    return of_atom(FloorDiv(num, den))


def _merge_nested(num: Dim, den: int) -> DimLike | None:
    """(x//p + r)//d is (x + p*r)//(p*d); None if num has not exactly one division that stands alone."""
    found: tuple[FloorDiv, int] | None = None
    for mono, coef in num.terms.items():
        for atom, power in mono:
            if isinstance(atom, FloorDiv) and isinstance(atom.den, int):
                if found is not None or len(mono) != 1 or power != 1 or abs(coef) != 1:
                    return None
                found = (atom, coef)
    if found is None:
        return None
    atom, coef = found
    inner = atom.den
    if not isinstance(inner, int) or inner <= 0:
        return None
    rest = num - coef * of_atom(atom)
    if coef == 1:
        return floordiv(atom.num + inner * rest, inner * den)
    return floordiv(inner * rest - atom.num + (inner - 1), inner * den)


def _floordiv_symbolic(num: DimLike, den: Dim) -> DimLike:
    """Division by a symbolic size: what divides exactly is pulled out, the rest stays an atom."""
    if isinstance(num, int) and num == 0:
        return 0
    from foreshape.domain.bounds import lower

    quotient, rest = divide(num, den)
    single = len(den.terms) == 1
    if not (isinstance(rest, int) or single):
        quotient, rest = 0, num
    if isinstance(rest, int) and rest == 0:
        return quotient
    low = lower(rest)
    if low is not None and low >= 0:
        gap = lower(den - rest)
        if gap is not None and gap >= 1:
            return quotient
    if low is not None and low < 0:
        # -d <= rest < 0
        gap = lower(den + rest)
        high = lower(-rest)
        if gap is not None and gap >= 0 and high is not None and high >= 1:
            return quotient - 1
    return quotient + of_atom(FloorDiv(rest, den))


def divide(num: DimLike, den: Dim) -> tuple[DimLike, DimLike]:
    """(q, r) with num = q*den + r: polynomial long division, r not further divisible."""
    if isinstance(num, int):
        return 0, num
    order = {atom: i for i, atom in enumerate(atoms(den))}
    for atom in atoms(num):
        order.setdefault(atom, len(order))

    def rank(mono: Monomial) -> tuple[int, ...]:
        exponents = [0] * (len(order) + 1)
        for atom, power in mono:
            exponents[order[atom] + 1] = power
            exponents[0] += power
        return tuple(exponents)

    lead = max(den.terms, key=rank)
    lead_coef = den.terms[lead]
    # on plain terms: adding sizes could bring new atoms in
    quotient: Terms = {}
    rest: Terms = {}
    pending = dict(num.terms)
    for _ in range(64):
        if not pending:
            break
        mono = max(pending, key=rank)
        coef = pending[mono]
        left = _quotient(mono, lead)
        if left is None or coef % lead_coef:
            rest[mono] = pending.pop(mono)
            continue
        times = coef // lead_coef
        quotient[left] = times
        for each, factor in den.terms.items():
            product = times_monomial(left, each)
            changed = pending.get(product, 0) - times * factor
            if changed:
                pending[product] = changed
            else:
                pending.pop(product, None)
    rest.update(pending)
    return of_terms(quotient), of_terms(rest)


def _quotient(mono: Monomial, by: Monomial) -> Monomial | None:
    """mono / by, None if it is not a product of atoms."""
    powers = dict(mono)
    for atom, power in by:
        left = powers.get(atom, 0) - power
        if left < 0:
            return None
        powers[atom] = left
    return frozenset((atom, power) for atom, power in powers.items() if power)
