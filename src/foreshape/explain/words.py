"""Words for shapes, sizes and counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from foreshape.domain.dim import Dim, DimLike, is_none, show, substitute, var, variables

LONGEST_HEADLINE: Final = 110
LETTERS: Final = "nmkpqrst"
ROLE_WORDS: Final = {"time": "timesteps", "feature": "features", "channel": "channels", "class": "classes"}

CONFIGURED: Final = {
    "numpy": "NumPy", "keras": "Keras", "tensorflow": "TensorFlow", "tf": "TensorFlow", "torch": "PyTorch",
    "jax": "JAX", "python": "Python", "pandas": "pandas", "sklearn": "scikit-learn", "scikit-learn": "scikit-learn", "scipy": "SciPy",
    "theano": "Theano", "lightning": "Lightning",
}  # fmt: skip


def library(by: str) -> str:
    """``keras 3`` as people write it: "Keras 3"."""
    name, _, version = by.partition(" ")
    return f"{CONFIGURED.get(name, name)} {version}".strip()


def count(number: int, noun: str, plural: str | None = None) -> str:
    """ "1 axis", "2 axes"."""
    if number == 1:
        return f"1 {noun}"
    return f"{number} {plural or noun + 's'}"


def axes_count(number: int) -> str:
    """ "1 axis", "3 axes"."""
    return count(number, "axis", "axes")


def listed(words: Sequence[str], last: str = "and") -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def ordinal(number: int) -> str:
    """ "first", "second", ..., "11th"."""
    names = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    if 1 <= number <= len(names):
        return names[number - 1]
    return f"{number}th"


def article(noun: str) -> str:
    """The noun with "a" or "an" before it."""
    vowel = noun[:1].lower() in "aeio" or noun.startswith(("LSTM", "RNN", "unknown", "SVD"))
    return f"{'an' if vowel else 'a'} {noun}"


def capital(text: str) -> str:
    """With a capital at the start, unless it starts with code."""
    return text[:1].upper() + text[1:]


def one_line(text: str, limit: int = 400) -> str:
    """Without line breaks, cut where it is too long."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 3].rstrip() + "..."


def fitting(*texts: str) -> str:
    """The first that fits in a headline, the last where none does."""
    return next((text for text in texts if len(text) <= LONGEST_HEADLINE), texts[-1])


class Sizes:
    """Writes sizes that are not known the same way throughout a report: by name, or by a letter of their own."""

    __slots__ = ("_letters", "_taken")

    def __init__(self) -> None:
        self._letters: dict[object, Dim] = {}
        self._taken: set[str] = set()

    def dim(self, size: DimLike | float | None, name: str | None = None) -> str:
        """The text of a size. ``name``: the word of its axis, used where nothing else is known."""
        if size is None:
            return "None"
        if not isinstance(size, Dim):
            return str(size)
        if is_none(size):
            text = show(size)
            return text if "?" not in text else "batch" if name == "batch" else "None"
        text = show(size)
        if "?" not in text:
            return text
        if text == "?" and name is not None:
            return name
        return show(substitute(size, {each: self._letter(each) for each in variables(size) if each.name is None}))

    def _letter(self, unknown: object) -> Dim:
        found = self._letters.get(unknown)
        if found is None:
            free = next((letter for letter in LETTERS if letter not in self._taken), "N")
            self._taken.add(free)
            found = self._letters[unknown] = var(free)
        return found

    def inside(self, shape: Sequence[DimLike | None], names: Sequence[str | None] = ()) -> str:
        """``batch, 10, 3``"""
        words = [self.dim(size, names[k] if k < len(names) else None) for k, size in enumerate(shape)]
        return ", ".join(words)

    def shape(self, shape: Sequence[DimLike | None] | None, names: Sequence[str | None] = ()) -> str:
        """``(batch, 10, 3)``, as Python writes a tuple."""
        if shape is None:
            return "an unknown number of axes"
        inside = self.inside(shape, names)
        return f"({inside},)" if len(shape) == 1 else f"({inside})"

    def axis(self, size: DimLike | None) -> int | str | None:
        """A size for JSON: an int, a name, or None where it has neither."""
        if size is None or isinstance(size, int):
            return size
        text = show(size)
        return None if "?" in text else text


def axis_words(axes: Sequence[str]) -> str:
    """``(batch, timesteps, features)``."""
    inside = ", ".join(axes)
    return f"({inside},)" if len(axes) == 1 else f"({inside})"
