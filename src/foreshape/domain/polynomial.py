"""Symbolic sizes: integer polynomials over named variables, kept in one canonical form.

A size that is known is a plain `int`; everything else is a `Dim`. An operation whose result is constant gives an
`int` back, so `DimLike` values can be passed around without care for which of the two they are.

The atoms of a polynomial are variables, `FloorDiv(num, den)`, `Min` and `Max`. Floor division by a constant is kept in
one form: whole multiples are pulled out, the greatest common divisor is divided out, nested divisions are
merged, so that six convolutions of stride 2 over `T` are still one atom.

`==` and `hash` compare canonical forms, for use in dicts and sets: True means equal for every value of the variables,
False means nothing. To compare sizes use `eq`, `le`, ... of `foreshape.domain.dim`, which answer with a `Truth`.
"""

from __future__ import annotations

from math import gcd
from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from foreshape.domain.facts import Facts

DimLike = Union[int, "Dim"]


class Var:
    """A size that is not known. Two variables are the same only when they are the same object.

    `name` None prints "?". `lo` and `hi` are inclusive and may be symbolic (an index of `range(n - T)` has
    `hi = n - T - 1`). `origin` is whatever the maker wants to remember. `keras_none` marks a dimension that Keras
    itself sees as None. `varying` marks what changes during the run (a loop index, the size of this batch):
    what is learnt about it in one step is not true in the next.
    """

    __slots__ = ("hi", "keras_none", "lo", "name", "origin", "varying")

    def __init__(
        self,
        name: str | None,
        lo: DimLike | None = 1,
        hi: DimLike | None = None,
        origin: object = None,
        keras_none: bool = False,
        varying: bool = False,
    ) -> None:
        self.name = name
        self.lo = lo
        self.hi = hi
        self.origin = origin
        self.keras_none = keras_none
        self.varying = varying

    def __repr__(self) -> str:
        return f"Var({self.name!r})"


class FloorDiv:
    """The atom `num // den`. Made only by `floordiv`, which keeps it canonical."""

    __slots__ = ("_hash", "den", "num")

    def __init__(self, num: DimLike, den: DimLike) -> None:
        self.num = num
        self.den = den
        self._hash = hash(("//", num, den))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FloorDiv) and self.num == other.num and self.den == other.den

    def __hash__(self) -> int:
        return self._hash


class Min:
    """The atom min(args). Made only by `dmin`."""

    __slots__ = ("_hash", "args")

    def __init__(self, args: frozenset[DimLike]) -> None:
        self.args = args
        self._hash = hash(("min", args))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Min) and self.args == other.args

    def __hash__(self) -> int:
        return self._hash


class Max:
    """The atom max(args). Made only by `dmax`."""

    __slots__ = ("_hash", "args")

    def __init__(self, args: frozenset[DimLike]) -> None:
        self.args = args
        self._hash = hash(("max", args))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Max) and self.args == other.args

    def __hash__(self) -> int:
        return self._hash


Atom = Var | FloorDiv | Min | Max
Monomial = frozenset[tuple[Atom, int]]
"""A product of atoms with their powers; the empty one is the constant term."""
Terms = dict[Monomial, int]

ONE: Monomial = frozenset()


class Dim:
    """An integer polynomial over atoms that is not a constant. Immutable."""

    __slots__ = ("_bounds", "_hash", "terms")

    terms: Terms

    def __init__(self, terms: Terms) -> None:
        """Not for general use: arithmetic and `var` make Dims. `terms` has no zero coefficient."""
        self.terms = terms
        self._hash = 0
        self._bounds: tuple[int | None, int | None] | None = None

    def same(self, other: DimLike) -> bool:
        """True when both have the same canonical form, hence are equal for all values."""
        return isinstance(other, Dim) and self.terms == other.terms

    def __eq__(self, other: object) -> bool:
        """Structural: False does not mean different sizes. Use `eq` to compare sizes."""
        return isinstance(other, Dim) and (self is other or self.terms == other.terms)

    def __hash__(self) -> int:
        if self._hash == 0:
            self._hash = hash(frozenset(self.terms.items())) or 1
        return self._hash

    def __bool__(self) -> bool:
        raise TypeError("a symbolic size has no truth value: use eq, lt, le, ... of foreshape.domain.dim")

    def __add__(self, other: DimLike) -> DimLike:
        if isinstance(other, Dim):
            terms = dict(self.terms)
            for mono, coef in other.terms.items():
                terms[mono] = terms.get(mono, 0) + coef
            return of_terms(terms)
        if isinstance(other, int):
            if other == 0:
                return self
            terms = dict(self.terms)
            terms[ONE] = terms.get(ONE, 0) + other
            return of_terms(terms)
        return NotImplemented

    __radd__ = __add__

    def __neg__(self) -> Dim:
        return Dim({mono: -coef for mono, coef in self.terms.items()})

    def __pos__(self) -> Dim:
        return self

    def __sub__(self, other: DimLike) -> DimLike:
        if isinstance(other, (Dim, int)):
            return self + (-other)
        return NotImplemented

    def __rsub__(self, other: DimLike) -> DimLike:
        if isinstance(other, (Dim, int)):
            return other + (-self)
        return NotImplemented

    def __mul__(self, other: DimLike) -> DimLike:
        if isinstance(other, Dim):
            terms: Terms = {}
            for mono_a, coef_a in self.terms.items():
                for mono_b, coef_b in other.terms.items():
                    mono = _times(mono_a, mono_b)
                    terms[mono] = terms.get(mono, 0) + coef_a * coef_b
            return of_terms(terms)
        if isinstance(other, int):
            if other == 0:
                return 0
            if other == 1:
                return self
            return Dim({mono: coef * other for mono, coef in self.terms.items()})
        return NotImplemented

    __rmul__ = __mul__

    def __floordiv__(self, other: DimLike) -> DimLike:
        if isinstance(other, (Dim, int)):
            return floordiv(self, other)
        return NotImplemented

    def __rfloordiv__(self, other: DimLike) -> DimLike:
        if isinstance(other, (Dim, int)):
            return floordiv(other, self)
        return NotImplemented

    def __mod__(self, other: DimLike) -> DimLike:
        if isinstance(other, (Dim, int)):
            return self - other * floordiv(self, other)
        return NotImplemented

    def __rmod__(self, other: DimLike) -> DimLike:
        if isinstance(other, (Dim, int)):
            return other - self * floordiv(other, self)
        return NotImplemented

    def __pow__(self, power: int) -> DimLike:
        if not isinstance(power, int) or power < 0:
            return NotImplemented
        result: DimLike = 1
        for _ in range(power):
            result = result * self
        return result

    def __str__(self) -> str:
        from foreshape.domain.dim_text import show

        return show(self)

    def __repr__(self) -> str:
        return f"Dim({self})"


def of_terms(terms: Terms) -> DimLike:
    """A Dim from terms that may hold zeros, or the int that they are."""
    if 0 in terms.values():
        terms = {mono: coef for mono, coef in terms.items() if coef != 0}
    if not terms:
        return 0
    if len(terms) == 1 and ONE in terms:
        return terms[ONE]
    return Dim(terms)


def _times(a: Monomial, b: Monomial) -> Monomial:
    if not a:
        return b
    if not b:
        return a
    powers = dict(a)
    for atom, power in b:
        powers[atom] = powers.get(atom, 0) + power
    return frozenset(powers.items())


def of_atom(atom: Atom) -> Dim:
    return Dim({frozenset(((atom, 1),)): 1})


def of_monomial(mono: Monomial, coef: int = 1) -> DimLike:
    return coef if mono == ONE else Dim({mono: coef})


def var(
    name: str | None,
    lo: DimLike | None = 1,
    hi: DimLike | None = None,
    *,
    origin: object = None,
    keras_none: bool = False,
    varying: bool = False,
) -> Dim:
    """A new variable, as a Dim. Each call makes a different one, whatever its name. `lo` None: may be negative."""
    return of_atom(Var(name, lo, hi, origin, keras_none, varying))


def as_var(d: DimLike) -> Var | None:
    """The variable, if `d` is a variable and nothing else."""
    atom = as_atom(d)
    return atom if isinstance(atom, Var) else None


def as_atom(d: DimLike) -> Atom | None:
    """The atom, if `d` is one atom and nothing else."""
    if isinstance(d, int) or len(d.terms) != 1:
        return None
    ((mono, coef),) = d.terms.items()
    if coef != 1 or len(mono) != 1:
        return None
    ((atom, power),) = mono
    return atom if power == 1 else None


def constant_part(d: DimLike) -> int:
    return d if isinstance(d, int) else d.terms.get(ONE, 0)


def atoms(d: DimLike) -> list[Atom]:
    """The atoms of `d` itself (not those inside its atoms), each once, in order of appearance."""
    if isinstance(d, int):
        return []
    seen: dict[Atom, None] = {}
    for mono in d.terms:
        for atom, _ in mono:
            seen[atom] = None
    return list(seen)


def _children(atom: Atom) -> tuple[DimLike, ...]:
    if isinstance(atom, FloorDiv):
        return (atom.num, atom.den)
    if isinstance(atom, (Min, Max)):
        return tuple(atom.args)
    return ()


def variables(d: DimLike) -> frozenset[Var]:
    """Every variable in `d`, also inside divisions, minima and maxima (not those in the bounds of variables)."""
    if isinstance(d, int):
        return frozenset()
    found: set[Var] = set()
    pending: list[DimLike] = [d]
    while pending:
        for atom in atoms(pending.pop()):
            if isinstance(atom, Var):
                found.add(atom)
            else:
                pending.extend(_children(atom))
    return frozenset(found)


def is_none(d: DimLike) -> bool:
    """Whether Keras sees this dimension as None: some variable in it is one that Keras sees as None."""
    return not isinstance(d, int) and any(v.keras_none for v in variables(d))


def product(values: Iterable[DimLike]) -> DimLike:
    result: DimLike = 1
    for value in values:
        result = result * value
    return result


def replace_atom(d: DimLike, atom: Atom, value: DimLike) -> DimLike:
    """`d` with an atom of its own replaced (occurrences inside other atoms stay)."""
    if isinstance(d, int):
        return d
    result: DimLike = 0
    kept: Terms = {}
    for mono, coef in d.terms.items():
        power = next((p for a, p in mono if a == atom), 0)
        if power == 0:
            kept[mono] = coef
            continue
        factor = of_monomial(frozenset((a, p) for a, p in mono if a != atom), coef)
        for _ in range(power):
            factor = factor * value
        result = result + factor
    return of_terms(kept) + result


def split_linear(d: DimLike, atom: Atom) -> tuple[DimLike, DimLike] | None:
    """(c, rest) with d = atom*c + rest and the atom in neither as a direct atom; None if it has a higher power."""
    if isinstance(d, int):
        return (0, d)
    with_atom: Terms = {}
    rest: Terms = {}
    for mono, coef in d.terms.items():
        power = next((p for a, p in mono if a == atom), 0)
        if power == 0:
            rest[mono] = coef
        elif power == 1:
            with_atom[frozenset((a, p) for a, p in mono if a != atom)] = coef
        else:
            return None
    return of_terms(with_atom), of_terms(rest)


def substitute(d: DimLike, mapping: Mapping[Var, DimLike]) -> DimLike:
    """`d` with variables replaced, everywhere in it, in canonical form again."""
    if isinstance(d, int) or not mapping:
        return d
    if not any(v in mapping for v in variables(d)):
        return d
    result: DimLike = 0
    for mono, coef in d.terms.items():
        factor: DimLike = coef
        for atom, power in mono:
            value = _substitute_atom(atom, mapping)
            for _ in range(power):
                factor = factor * value
        result = result + factor
    return result


def _substitute_atom(atom: Atom, mapping: Mapping[Var, DimLike]) -> DimLike:
    if isinstance(atom, Var):
        value = mapping.get(atom)
        return of_atom(atom) if value is None else value
    if isinstance(atom, FloorDiv):
        den = substitute(atom.den, mapping)
        num = substitute(atom.num, mapping)
        if isinstance(den, int) and den == 0:
            return of_atom(FloorDiv(num, 0))  # never a number: the program would raise there
        return floordiv(num, den)
    args = [substitute(arg, mapping) for arg in atom.args]
    combine: Callable[[DimLike, DimLike], DimLike] = dmin if isinstance(atom, Min) else dmax
    result = args[0]
    for arg in args[1:]:
        result = combine(result, arg)
    return result


# Division


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
    lead_powers = dict(lead)
    quotient: DimLike = 0
    rest: DimLike = 0
    pending = num
    for _ in range(64):
        if isinstance(pending, int) and pending == 0:
            break
        if isinstance(pending, int):
            rest = rest + pending
            pending = 0
            break
        mono = max(pending.terms, key=rank)
        coef = pending.terms[mono]
        powers = dict(mono)
        if coef % lead_coef == 0 and all(powers.get(a, 0) >= p for a, p in lead_powers.items()):
            left = frozenset((a, p - lead_powers.get(a, 0)) for a, p in mono if p > lead_powers.get(a, 0))
            step = of_monomial(left, coef // lead_coef)
            quotient = quotient + step
            pending = pending - step * den
        else:
            term = of_monomial(mono, coef)
            rest = rest + term
            pending = pending - term
    return quotient, rest + pending


# Minimum and maximum


def dmin(a: DimLike, b: DimLike, facts: Facts | None = None) -> DimLike:
    """The smaller one: decided by bounds where possible, otherwise an atom."""
    if isinstance(a, int) and isinstance(b, int):
        return min(a, b)
    return _extreme(a, b, Min, facts)


def dmax(a: DimLike, b: DimLike, facts: Facts | None = None) -> DimLike:
    """The larger one: decided by bounds where possible, otherwise an atom."""
    if isinstance(a, int) and isinstance(b, int):
        return max(a, b)
    return _extreme(a, b, Max, facts)


def _extreme(a: DimLike, b: DimLike, kind: type[Min] | type[Max], facts: Facts | None) -> DimLike:
    from foreshape.domain.bounds import lower

    if facts is not None:
        a, b = facts.resolve(a), facts.resolve(b)
    args: list[DimLike] = []
    for side in (a, b):
        atom = as_atom(side)
        args.extend(atom.args if isinstance(atom, kind) else (side,))
    sign = -1 if kind is Min else 1
    kept: list[DimLike] = []
    for arg in args:
        # an argument goes when another one always reaches it
        if any(_at_least(lower(sign * (other - arg), facts), 0) for other in kept):
            continue
        kept = [other for other in kept if not _at_least(lower(sign * (arg - other), facts), 0)]
        kept.append(arg)
    if len(kept) == 1:
        return kept[0]
    shift = min(constant_part(arg) for arg in kept)
    return shift + of_atom(kind(frozenset(arg - shift for arg in kept)))


def _at_least(bound: int | None, value: int) -> bool:
    return bound is not None and bound >= value
