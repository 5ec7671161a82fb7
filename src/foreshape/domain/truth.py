"""Three-valued truth: yes, no, or depends on a condition.

A checker must never turn "not known" into "yes" by accident, so a `Truth` has no boolean value: ask `is_yes`,
`is_no` or `is_unknown`.
"""

from __future__ import annotations


class Condition:
    """A statement in words, with its opposite: "T = 12" and "T is not 12".

    `relation` is what the statement means as arithmetic, where it is arithmetic: a pair `(kind, dims)` that
    `Facts.learn_condition` understands; None for any other statement ("use_attention is true").
    Two conditions are equal when text and relation are. `key` is where `Facts` keeps what it works out of them.
    """

    __slots__ = ("_negated_relation", "_negated_text", "key", "relation", "text")

    text: str
    relation: tuple[str, object] | None

    def __init__(
        self,
        text: str,
        negated_text: str | None = None,
        relation: tuple[str, object] | None = None,
        negated_relation: tuple[str, object] | None = None,
    ) -> None:
        self.text = text
        self.relation = relation
        self._negated_text = negated_text if negated_text is not None else _negate_text(text)
        self._negated_relation = negated_relation
        self.key: tuple[object, bool] | None = None

    def negated(self) -> Condition:
        return Condition(self._negated_text, self.text, self._negated_relation, self.relation)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Condition):
            return NotImplemented
        return self.text == other.text and self.relation == other.relation

    def __hash__(self) -> int:
        return hash(self.text)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Condition({self.text!r})"


def _negate_text(text: str) -> str:
    """The opposite in words: "x is true" / "x is not true", "T = 12" / "T is not 12"."""
    if text.startswith("not (") and text.endswith(")"):
        return text[5:-1]
    if " and " in text or " or " in text:
        return f"not ({text})"
    if " is not " in text:
        return text.replace(" is not ", " is ", 1)
    if " is " in text:
        return text.replace(" is ", " is not ", 1)
    if text.count(" = ") == 1:
        return text.replace(" = ", " is not ", 1)
    return f"not ({text})"


class Truth:
    """Yes, no, or "depends", with the condition under which it is yes (None when it cannot be told)."""

    __slots__ = ("_kind", "condition")

    condition: Condition | None

    def __init__(self, kind: str, condition: Condition | None = None) -> None:
        self._kind = kind
        self.condition = condition

    @staticmethod
    def depends(condition: Condition | None = None) -> Truth:
        return Truth("depends", condition) if condition is not None else UNKNOWN

    @staticmethod
    def of(value: bool) -> Truth:
        return YES if value else NO

    @property
    def is_yes(self) -> bool:
        return self._kind == "yes"

    @property
    def is_no(self) -> bool:
        return self._kind == "no"

    @property
    def is_unknown(self) -> bool:
        return self._kind == "depends"

    def negate(self) -> Truth:
        if self._kind == "yes":
            return NO
        if self._kind == "no":
            return YES
        return Truth.depends(None if self.condition is None else self.condition.negated())

    def __bool__(self) -> bool:
        raise TypeError("a Truth is not a bool: ask is_yes, is_no or is_unknown")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Truth):
            return NotImplemented
        return self._kind == other._kind and self.condition == other.condition

    def __hash__(self) -> int:
        return hash((self._kind, self.condition))

    def __repr__(self) -> str:
        if self._kind == "depends":
            return f"Truth.depends({self.condition!r})"
        return self._kind.upper()


YES = Truth("yes")
NO = Truth("no")
UNKNOWN = Truth("depends")


def both(a: Truth, b: Truth) -> Truth:
    """a and b."""
    if a.is_no or b.is_no:
        return NO
    if a.is_yes:
        return b
    if b.is_yes or a == b:
        return a
    return Truth.depends(_combine(a.condition, b.condition, "and"))


def either(a: Truth, b: Truth) -> Truth:
    """a or b."""
    if a.is_yes or b.is_yes:
        return YES
    if a.is_no:
        return b
    if b.is_no or a == b:
        return a
    return Truth.depends(_combine(a.condition, b.condition, "or"))


def _combine(a: Condition | None, b: Condition | None, word: str) -> Condition | None:
    """The statement "a and b" with its opposite "not a or not b". Unsayable where either part is."""
    if a is None or b is None:
        return None
    other = "or" if word == "and" else "and"
    text = f"{_inside(a.text, other)} {word} {_inside(b.text, other)}"
    na, nb = a.negated(), b.negated()
    negated_text = f"{_inside(na.text, word)} {other} {_inside(nb.text, word)}"
    return Condition(text, negated_text, (word, (a, b)), (other, (na, nb)))


def _inside(text: str, word: str) -> str:
    return f"({text})" if f" {word} " in text and not text.startswith(("(", "not (")) else text
