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

from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from foreshape.domain.facts import Facts

DimLike = Union[int, "Dim"]


class Var:
    """A size that is not known. Two variables are the same only when they are the same object.

    `name` None prints "?". `lo` and `hi` are inclusive and may be symbolic (an index of `range(n - T)` has
    `hi = n - T - 1`). `origin` is whatever the maker wants to remember. `keras_none` marks a dimension that Keras
    itself sees as None. `varying` marks what changes during the run (a loop index, the size of this batch):
    what is learnt about it in one step is not true in the next. `chance` marks a varying one that is drawn at random
    between its bounds: two of them are hardly ever the same.
    """

    __slots__ = ("chance", "hi", "keras_none", "lo", "name", "origin", "varying")

    def __init__(
        self,
        name: str | None,
        lo: DimLike | None = 1,
        hi: DimLike | None = None,
        origin: object = None,
        keras_none: bool = False,
        varying: bool = False,
        chance: bool = False,
    ) -> None:
        self.name = name
        self.lo = lo
        self.hi = hi
        self.origin = origin
        self.keras_none = keras_none
        self.varying = varying
        self.chance = chance

    def __repr__(self) -> str:
        return f"Var({self.name!r})"


class FloorDiv:
    """The atom `num // den`. Made only by `division.floordiv`, which keeps it canonical."""

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
    """The atom min(args). Made only by `extremes`."""

    __slots__ = ("_hash", "args")

    def __init__(self, args: frozenset[DimLike]) -> None:
        self.args = args
        self._hash = hash(("min", args))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Min) and self.args == other.args

    def __hash__(self) -> int:
        return self._hash


class Max:
    """The atom max(args). Made only by `extremes`."""

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
            result = of_terms(terms)
            if isinstance(result, Dim) and _holds_extreme(result):
                from foreshape.domain.extremes import absorbed

                return absorbed(result)
            return result
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
                    mono = times_monomial(mono_a, mono_b)
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
            from foreshape.domain.division import floordiv

            return floordiv(self, other)
        return NotImplemented

    def __rfloordiv__(self, other: DimLike) -> DimLike:
        if isinstance(other, (Dim, int)):
            from foreshape.domain.division import floordiv

            return floordiv(other, self)
        return NotImplemented

    def __mod__(self, other: DimLike) -> DimLike:
        if isinstance(other, (Dim, int)):
            return self - other * (self // other)
        return NotImplemented

    def __rmod__(self, other: DimLike) -> DimLike:
        if isinstance(other, (Dim, int)):
            return other - self * (other // self)
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


def times_monomial(a: Monomial, b: Monomial) -> Monomial:
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
    chance: bool = False,
) -> Dim:
    """A new variable, as a Dim. Each call makes a different one, whatever its name. `lo` None: may be negative."""
    return of_atom(Var(name, lo, hi, origin, keras_none, varying, chance))


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


def _holds_extreme(d: Dim) -> bool:
    return any(isinstance(atom, (Min, Max)) for mono in d.terms for atom, _ in mono)


def _extreme_within(d: DimLike) -> bool:
    """Whether there is a minimum or maximum anywhere in d."""
    if isinstance(d, int):
        return False
    for atom in atoms(d):
        if isinstance(atom, (Min, Max)) or (not isinstance(atom, Var) and any(map(_extreme_within, _children(atom)))):
            return True
    return False


def substitute(d: DimLike, mapping: Mapping[Var, DimLike], facts: Facts | None = None) -> DimLike:
    """`d` with variables replaced, everywhere in it, in canonical form again.

    With facts, a minimum or maximum that they decide is replaced, too.
    """
    if isinstance(d, int):
        return d
    if not any(v in mapping for v in variables(d)) and (facts is None or not _extreme_within(d)):
        return d
    result: DimLike = 0
    for mono, coef in d.terms.items():
        factor: DimLike = coef
        for atom, power in mono:
            value = _substitute_atom(atom, mapping, facts)
            for _ in range(power):
                factor = factor * value
        result = result + factor
    return result


def _substitute_atom(atom: Atom, mapping: Mapping[Var, DimLike], facts: Facts | None) -> DimLike:
    if isinstance(atom, Var):
        value = mapping.get(atom)
        return of_atom(atom) if value is None else value
    if isinstance(atom, FloorDiv):
        den = substitute(atom.den, mapping, facts)
        num = substitute(atom.num, mapping, facts)
        if isinstance(den, int) and den == 0:
            return of_atom(FloorDiv(num, 0))  # never a number: the program would raise there
        return num // den
    from foreshape.domain.extremes import smallest_or_largest

    args = tuple(substitute(arg, mapping, facts) for arg in atom.args)
    return smallest_or_largest(args, type(atom), facts)
