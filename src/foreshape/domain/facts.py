"""What has been learnt about sizes so far: equalities as substitutions, inequalities, and conditions.

`Facts` never change: learning gives new ones. A fact that contradicts what is known is not learnt; ask `eq` first
where that matters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.bounds import lower
from foreshape.domain.compare import difference, solve_eq
from foreshape.domain.polynomial import (
    ONE,
    Dim,
    DimLike,
    FloorDiv,
    Max,
    Min,
    Var,
    atoms,
    of_atom,
    of_terms,
    split_linear,
    substitute,
    variables,
)
from foreshape.domain.truth import NO, YES, Condition, Truth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

MOST_CONDITIONS = 64
MOST_INEQUALITIES = 24
"""More are forgotten, oldest first: each costs time at every question."""


class Facts:
    """Immutable. `substitutions` are resolved among themselves; each of `inequalities` is >= 0."""

    __slots__ = ("_conditions", "_hash", "_lows", "inequalities", "substitutions")

    substitutions: Mapping[Var, DimLike]
    inequalities: tuple[Dim, ...]

    def __init__(
        self,
        substitutions: Mapping[Var, DimLike] | None = None,
        inequalities: tuple[Dim, ...] = (),
        conditions: Mapping[object, Condition] | None = None,
    ) -> None:
        self.substitutions = {} if substitutions is None else substitutions
        self.inequalities = inequalities
        self._conditions: Mapping[object, Condition] = {} if conditions is None else conditions
        self._hash: int | None = None
        # answers already worked out; they follow from what never changes
        self._lows: dict[Dim, int | None] = {}

    # Asking

    def resolve(self, d: DimLike) -> DimLike:
        """d with what is known put in."""
        if isinstance(d, int) or not (self.substitutions or self.inequalities):
            return d
        return substitute(d, self.substitutions, self if self.inequalities else None)

    def remember_lower(self, d: Dim, work: Callable[[Dim, tuple[Dim, ...]], int | None]) -> int | None:
        """The lower bound of a resolved d, worked out once."""
        if d not in self._lows:
            self._lows[d] = work(d, self.inequalities)
        return self._lows[d]

    def truth_of(self, relation: tuple[str, object] | Condition) -> Truth | None:
        """Yes or no for something that was assumed as such; None when it was not."""
        key, positive = _key_of(relation)
        known = self._conditions.get(key)
        if known is None:
            return None
        return YES if _key_of(known)[1] == positive else NO

    def assumed(self) -> Iterable[Condition]:
        """What was taken to be so, oldest first."""
        return self._conditions.values()

    def reduce_modulo(self, d: Dim, divisor: int) -> DimLike:
        """d without what is known to be a multiple of the divisor."""
        result: DimLike = d
        for condition in self._conditions.values():
            multiple = _known_multiple(condition, divisor)
            if multiple is None or isinstance(result, int):
                continue
            for mono, coef in multiple.terms.items():
                times, left = divmod(result.terms.get(mono, 0), coef)
                if mono != ONE and times and not left:
                    result = result - times * multiple
                    break
        if isinstance(result, Dim):
            result = of_terms({mono: coef % divisor for mono, coef in result.terms.items()})
        return result

    # Learning

    def learn_eq(self, a: DimLike, b: DimLike, *, scoped: bool = False) -> Facts:
        """With a == b known. Unchanged where it adds nothing, cannot be, or speaks of varying sizes.

        `scoped`: the caller forgets it at the end of the step (see `forget`), so varying sizes may be in it.
        """
        d = difference(a, b, self)
        if isinstance(d, int):
            return self
        solved = solve_eq(d, 0)
        if solved is not None:
            ((v, value),) = solved.items()
            substitutions = {w: substitute(old, solved) for w, old in self.substitutions.items()}
            substitutions[v] = value
            kept = (substitute(g, solved) for g in self.inequalities)
            # what was known of the range of v is now known of its value
            ranges: list[DimLike] = []
            if v.lo is not None:
                ranges.append(value - v.lo)
            if v.hi is not None:
                ranges.append(v.hi - value)
            facts = Facts(substitutions, _useful(kept), self._conditions)
            for g in ranges:
                facts = facts.learn_ge(g, 0, scoped=scoped)
            return facts
        return self.learn_ge(d, 0, scoped=scoped).learn_ge(-d, 0, scoped=scoped)

    def learn_ge(self, a: DimLike, b: DimLike, *, scoped: bool = False) -> Facts:
        """With a >= b known."""
        d = difference(a, b, self)
        if isinstance(d, int) or (not scoped and any(v.varying for v in variables(d))):
            return self
        low = lower(d, self)
        if (low is not None and low >= 0) or d in self.inequalities:
            return self
        facts = Facts(self.substitutions, (*self.inequalities, d)[-MOST_INEQUALITIES:], self._conditions)
        for implied in _implied(d):
            facts = facts.learn_ge(implied, 0, scoped=scoped)
        return facts

    def learn_truth(self, truth: Truth, holds: bool = True, *, scoped: bool = False) -> Facts:
        """With an answer of `eq`, `ge`, ... taken to be so (or not to be so)."""
        if truth.condition is None:
            return self
        return self.assume(truth.condition if holds else truth.condition.negated(), scoped=scoped)

    def assume(self, condition: Condition, *, scoped: bool = False) -> Facts:
        """With a condition taken to be so: later the same condition is decided."""
        facts = self
        relation = condition.relation
        if relation is not None:
            kind, what = relation
            if kind == "and" and isinstance(what, tuple):
                for part in what:
                    facts = facts.assume(part, scoped=scoped)
                return facts
            if isinstance(what, Dim):
                if not scoped and any(v.varying for v in variables(what)):
                    return self
                if kind == "==":
                    facts = facts.learn_eq(what, 0, scoped=scoped)
                elif kind == ">=":
                    return facts.learn_ge(what, 0, scoped=scoped)
                elif kind == "!=":
                    low, high = lower(what, self), lower(-what, self)
                    if low == 0:
                        facts = facts.learn_ge(what, 1, scoped=scoped)
                    elif high == 0:
                        facts = facts.learn_ge(-what, 1, scoped=scoped)
        key, _ = _key_of(condition)
        return Facts(facts.substitutions, facts.inequalities, _newest({**facts._conditions, key: condition}))

    def forget(self, gone: Iterable[Var]) -> Facts:
        """Without every fact that mentions one of these: at the end of a loop's step."""
        dropped = frozenset(gone)
        substitutions = {
            v: value for v, value in self.substitutions.items() if v not in dropped and not (variables(value) & dropped)
        }
        kept = tuple(g for g in self.inequalities if not (variables(g) & dropped))
        conditions = {k: c for k, c in self._conditions.items() if not (_condition_variables(c) & dropped)}
        return Facts(substitutions, kept, conditions)

    # Combining

    def meet(self, other: Facts) -> Facts:
        """What is known when both hold."""
        if self is other or not other:
            return self
        if not self:
            return other
        facts = self
        for v, value in other.substitutions.items():
            facts = facts.learn_eq(of_atom(v), value, scoped=True)
        for g in other.inequalities:
            facts = facts.learn_ge(g, 0, scoped=True)
        return Facts(facts.substitutions, facts.inequalities, {**facts._conditions, **other._conditions})

    def join(self, other: Facts) -> Facts:
        """What is known when one of them holds and it is not known which: what both know."""
        if self is other:
            return self
        shared = {
            v: d for v, d in self.substitutions.items() if v in other.substitutions and other.substitutions[v] == d
        }
        both = frozenset(self.inequalities).intersection(other.inequalities)
        # most of what two paths know is older than they are
        facts = Facts(shared, tuple(g for g in self.inequalities if g in both))
        for mine, theirs in ((self, other), (other, self)):
            for v, value in mine.substitutions.items():
                if v in shared:
                    continue
                d = theirs.resolve(of_atom(v) - value)
                if isinstance(d, int) and d == 0:
                    facts = facts.learn_eq(of_atom(v), value, scoped=True)
                    continue
                low, high = lower(d, theirs), lower(-d, theirs)
                if low is not None:
                    facts = facts.learn_ge(of_atom(v) - value, min(low, 0), scoped=True)
                if high is not None:
                    facts = facts.learn_ge(value - of_atom(v), min(high, 0), scoped=True)
            for g in mine.inequalities:
                low = None if g in both else lower(g, theirs)
                if low is not None and low >= 0:
                    facts = facts.learn_ge(g, 0, scoped=True)
        theirs_too = other._conditions
        conditions = {
            key: condition
            for key, condition in self._conditions.items()
            if (known := theirs_too.get(key)) is not None and (known is condition or _same_side(known, condition))
        }
        return Facts(facts.substitutions, facts.inequalities, conditions)

    # As a key for memoised calls

    def __eq__(self, other: object) -> bool:
        """Whether the same is known. What two paths know is mostly the same objects: those are not looked into."""
        if self is other:
            return True
        if not isinstance(other, Facts) or len(self._conditions) != len(other._conditions):
            return False
        if self.substitutions != other.substitutions:
            return False
        if self.inequalities != other.inequalities and frozenset(self.inequalities) != frozenset(other.inequalities):
            return False
        for key, condition in self._conditions.items():
            known = other._conditions.get(key)
            if known is None or (known is not condition and not _same_side(known, condition)):
                return False
        return True

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash((
                frozenset(self.substitutions.items()),
                frozenset(self.inequalities),
                frozenset((key, _key_of(c)[1]) for key, c in self._conditions.items()),
            ))  # fmt: skip
        return self._hash

    def __bool__(self) -> bool:
        """Whether anything is known."""
        return bool(self.substitutions or self.inequalities or self._conditions)

    def __repr__(self) -> str:
        parts = [f"{of_atom(v)} = {value}" for v, value in self.substitutions.items()]
        parts += [f"{g} >= 0" for g in self.inequalities]
        parts += [str(c) for c in self._conditions.values()]
        return f"Facts({', '.join(parts)})"


EMPTY = Facts()
"""Nothing known."""


def _known_multiple(condition: Condition, divisor: int) -> Dim | None:
    """What the condition says to be a multiple of the divisor, or of a multiple of it."""
    if condition.relation is None or condition.relation[0] != "|" or not isinstance(condition.relation[1], tuple):
        return None
    by, multiple = condition.relation[1]
    return multiple if isinstance(by, int) and by % divisor == 0 and isinstance(multiple, Dim) else None


def _implied(d: Dim) -> list[DimLike]:
    """What follows from d >= 0 when d holds one minimum, maximum or division on its own."""
    special = [atom for atom in atoms(d) if not isinstance(atom, Var)]
    if len(special) != 1:
        return []
    parts = split_linear(d, special[0])
    if parts is None or not isinstance(parts[0], int):
        return []
    atom, c, rest = special[0], parts[0], parts[1]
    if isinstance(atom, FloorDiv):
        if not isinstance(atom.den, int):
            return []
        # num - den + 1 <= den * q <= num
        end = atom.num if c > 0 else atom.num - atom.den + 1
        return [atom.den * rest + c * end]
    if (isinstance(atom, Min) and c > 0) or (isinstance(atom, Max) and c < 0):
        return [c * arg + rest for arg in atom.args]
    return []


def _newest(conditions: dict[object, Condition]) -> Mapping[object, Condition]:
    """The conditions without the oldest, where there are too many: each costs time whenever paths are joined."""
    while len(conditions) > MOST_CONDITIONS:
        del conditions[next(iter(conditions))]
    return conditions


def _useful(inequalities: Iterable[DimLike]) -> tuple[Dim, ...]:
    seen: dict[Dim, None] = {}
    for g in inequalities:
        if isinstance(g, Dim):
            low = lower(g)
            if low is None or low < 0:
                seen[g] = None
    return tuple(seen)


def _key_of(relation: tuple[str, object] | Condition) -> tuple[object, bool]:
    """A key that a condition and its opposite share, and which of the two it is. A condition is asked once."""
    if not isinstance(relation, Condition):
        return _key_of_relation(relation)
    if relation.key is None:
        if relation.relation is None:
            opposite = relation.negated().text
            first = min(relation.text, opposite)
            relation.key = first, relation.text == first
        else:
            relation.key = _key_of_relation(relation.relation)
    return relation.key


def _same_side(a: Condition, b: Condition) -> bool:
    """Whether two conditions of the same key are the same, and not one the opposite of the other."""
    return _key_of(a)[1] == _key_of(b)[1]


def _key_of_relation(relation: tuple[str, object]) -> tuple[object, bool]:
    kind, what = relation
    if kind in ("==", "!="):
        if isinstance(what, Dim):
            return ("==", frozenset((what, -what))), kind == "=="
        return ("==", what), kind == "=="
    if kind in ("|", "!|"):
        return ("|", what), kind == "|"
    if kind in ("and", "or"):
        return (kind, what), True
    if isinstance(what, Dim):
        # d >= 0 and its opposite -d - 1 >= 0
        return (">=", frozenset((what, -what - 1))), _first_of(what)
    return (kind, what), True


def _first_of(d: Dim) -> bool:
    other = -d - 1
    return hash(d) <= hash(other)


def _condition_variables(condition: Condition) -> frozenset[Var]:
    relation = condition.relation
    if relation is None:
        return frozenset()
    found: set[Var] = set()
    pending: list[object] = [relation[1]]
    while pending:
        what = pending.pop()
        if isinstance(what, Dim):
            found |= variables(what)
        elif isinstance(what, tuple):
            pending.extend(what)
        elif isinstance(what, Condition) and what.relation is not None:
            pending.append(what.relation[1])
    return frozenset(found)
