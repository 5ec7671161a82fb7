"""Versions of the libraries that programs are held against: comparing, completing and choosing them."""

from __future__ import annotations

from typing import Final

# The last release of each line that rules tell apart, oldest first; the newest is what an unpinned project gets.
RELEASES: Final[dict[str, tuple[str, ...]]] = {
    "keras": ("1.2.2", "2.21.0", "3.15.1"),  # Keras 2 lives on as tf_keras, whose last release is meant
    "tensorflow": ("0.12.1", "1.15.5", "2.21.0"),
    "numpy": ("1.26.4", "2.4.6"),
    "torch": ("0.4.1", "1.13.1", "2.13.0"),
    "pandas": ("0.25.3", "1.5.3", "2.3.3", "3.1.1"),
    "scikit-learn": ("0.24.2", "1.9.1"),
    "scipy": ("1.17.1",),
}

# Other names of the same thing: distributions and import names.
_ALIASES: Final = {
    "tf": "tensorflow",
    "tensorflow-cpu": "tensorflow",
    "tensorflow-gpu": "tensorflow",
    "tensorflow-intel": "tensorflow",
    "tensorflow-macos": "tensorflow",
    "tensorflow-cpu-aws": "tensorflow",
    "tf-nightly": "tensorflow",
    "pytorch": "torch",
    "np": "numpy",
    "sklearn": "scikit-learn",
}


class Version:
    """A release number, compared by its parts; missing parts count as 0. Pre-releases count as their release."""

    __slots__ = ("parts",)

    def __init__(self, *parts: int) -> None:
        self.parts = parts

    @staticmethod
    def parse(text: str) -> Version:
        """`2.15.0rc1` as 2.15.0. Raises ValueError where `text` does not start with a number."""
        parts: list[int] = []
        for word in text.strip().removeprefix("v").split("."):
            digits = word[: len(word) - len(word.lstrip("0123456789"))]
            if digits:
                parts.append(int(digits))
            if digits != word:
                break
        if not parts:
            raise ValueError(f"not a version: {text!r}")
        return Version(*parts)

    @property
    def major(self) -> int:
        return self.parts[0]

    @property
    def minor(self) -> int:
        return self.parts[1] if len(self.parts) > 1 else 0

    @property
    def short(self) -> str:
        """`2.15`"""
        return ".".join(map(str, self.parts[:2]))

    def _key(self) -> tuple[int, ...]:
        parts = self.parts
        while len(parts) > 1 and parts[-1] == 0:
            parts = parts[:-1]
        return parts

    def __lt__(self, other: Version) -> bool:
        return self._key() < other._key()

    def __le__(self, other: Version) -> bool:
        return self._key() <= other._key()

    def __gt__(self, other: Version) -> bool:
        return self._key() > other._key()

    def __ge__(self, other: Version) -> bool:
        return self._key() >= other._key()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Version) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __str__(self) -> str:
        return ".".join(map(str, self.parts))

    def __repr__(self) -> str:
        return f"Version({self})"


def canonical(name: str) -> str:
    """The name that rules use: `sklearn`, `tensorflow_cpu` and the like under one name each."""
    plain = name.strip().lower().replace("_", "-").replace(".", "-")
    return _ALIASES.get(plain, plain)


def newest(name: str) -> Version:
    """The newest known release. Raises KeyError for a library that no rule knows."""
    return Version.parse(RELEASES[name][-1])


def complete(name: str, version: Version) -> Version:
    """`keras=2` as the last release of that line; what names a minor release is taken as it is."""
    if len(version.parts) > 1:
        return version
    for release in RELEASES.get(name, ()):
        known = Version.parse(release)
        if known.major == version.major:
            return known
    return version


def choose(name: str, specifier: str) -> Version | None:
    """The release that a requirement leads to, or None where it has no upper end (`>=2`, `!=2.3`, nothing).

    Takes the specifiers of Python, conda and poetry: `==2.10`, `=2.10`, `~=2.1`, `<3,>=2`, `^2.1`, `~2.1`, `2.*`.
    """
    best: Version | None = None
    for clause in specifier.replace("||", ",").split(","):
        end = _upper_end(name, clause.strip())
        if end is not None and (best is None or end < best):
            best = end
    return best


def _upper_end(name: str, clause: str) -> Version | None:
    operator = clause[: len(clause) - len(clause.lstrip("=<>~^!"))]
    text = clause[len(operator) :].strip()
    star = text.endswith("*")
    try:
        version = Version.parse(text)
    except ValueError:
        return None
    if operator in {">", ">=", "!="}:
        return None
    if operator == "<":
        return _before(name, version)
    if operator == "<=":
        return version
    if operator == "^":
        return complete(name, Version(version.major)) if version.major else version
    if operator == "~=":
        star = True
        version = Version(*version.parts[:-1]) if len(version.parts) > 1 else version
    if operator == "~" or star:
        return complete(name, Version(*version.parts[:2]))
    return complete(name, version)  # "==2.10", "=2.10", "2.10"


def _before(name: str, bound: Version) -> Version:
    """The newest release below `bound`."""
    top = newest(name)
    if top < bound:
        return top
    if any(bound.parts[2:]):
        return Version(bound.major, bound.minor, bound.parts[2] - 1)
    if bound.minor:
        return Version(bound.major, bound.minor - 1)
    return complete(name, Version(max(0, bound.major - 1)))
