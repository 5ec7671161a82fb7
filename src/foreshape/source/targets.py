"""The versions that a file is checked for, and where each comes from.

In order: `--target`, `[tool.foreshape]`, the project's requirements, what is installed, the newest release. TensorFlow
decides about Keras (and NumPy) where those are not named as strongly: TensorFlow 1 and 2 up to 2.15 bring Keras 2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.source.versions import RELEASES, Version, canonical, complete, newest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Strength of an origin: the lower wins.
_OPTION, _CONFIG, _PINNED, _INSTALLED, _NEWEST = range(5)

_KERAS_3_COMES_WITH: Final = Version(2, 16)
_NUMPY_2_COMES_WITH: Final = Version(2, 18)


class TargetError(Exception):
    """A target that cannot be meant; the message is for the person who wrote it."""


class Targets:
    """The version of every library that rules know, for one file.

    What is installed and what the project pins are looked up only for a version that nothing stronger names.
    """

    __slots__ = ("_asked", "_chosen", "_folder", "_known", "_parsed", "_weak")

    def __init__(
        self,
        options: Mapping[str, Version] | None = None,
        config: Mapping[str, Version] | None = None,
        folder: str | None = None,
    ) -> None:
        """`folder` is where the file stands; None means that no project and no environment is looked at."""
        self._asked: dict[str, tuple[int, Version, str]] = {}
        for rank, origin, versions in ((_CONFIG, "configuration", config), (_OPTION, "--target", options)):
            for name, version in (versions or {}).items():
                self._asked[name] = (rank, complete(name, version), origin)
        self._folder = folder
        self._weak: dict[str, tuple[int, Version, str]] | None = None
        self._chosen: dict[str, tuple[int, Version, str]] = {}
        self._parsed: dict[str, Version] = {}
        self._known: tuple[str, ...] = tuple(RELEASES)

    @property
    def keras(self) -> Version:
        return self.get("keras")

    @property
    def tensorflow(self) -> Version:
        return self.get("tensorflow")

    @property
    def numpy(self) -> Version:
        return self.get("numpy")

    @property
    def torch(self) -> Version:
        return self.get("torch")

    @property
    def pandas(self) -> Version:
        return self.get("pandas")

    @property
    def sklearn(self) -> Version:
        return self.get("scikit-learn")

    def get(self, name: str) -> Version:
        """The version of a library (any of its names). Raises KeyError for one that no rule knows."""
        return self._choose(canonical(name))[1]

    def origin(self, name: str) -> str:
        """Where the version comes from, in words: `--target`, `requirements.txt`, `installed`, `newest`, ..."""
        return self._choose(canonical(name))[2]

    def at_least(self, name: str, version: str) -> bool:
        """Whether the library is `version` or newer."""
        bound = self._parsed.get(version)
        if bound is None:
            bound = self._parsed[version] = Version.parse(version)
        return self.get(name) >= bound

    def with_versions(self, **versions: str) -> Targets:
        """The same targets with some replaced, for a program that itself asks for another version."""
        changed = Targets(folder=self._folder)
        changed._asked = dict(self._asked)
        changed._weak = self._weak
        for name, version in versions.items():
            known = canonical(name)
            changed._asked[known] = (_OPTION, complete(known, Version.parse(version)), "the program itself")
        return changed

    def as_dict(self) -> dict[str, str]:
        """Library to `major.minor`, as reports show it."""
        return {name: self.get(name).short for name in self._known}

    def _choose(self, name: str) -> tuple[int, Version, str]:
        chosen = self._chosen.get(name)
        if chosen is None:
            if name not in RELEASES:
                raise KeyError(name)
            chosen = self._chosen[name] = self._decide(name)
        return chosen

    def _decide(self, name: str) -> tuple[int, Version, str]:
        named = self._asked.get(name)
        if named is not None and named[0] == _OPTION:
            return named
        if named is None:
            named = self._weaker().get(name, (_NEWEST, newest(name), "newest"))
        if name not in ("keras", "numpy"):
            return named
        rank, tensorflow, origin = self._choose("tensorflow")
        if rank < named[0] or (rank == named[0] == _INSTALLED):
            implied = _brought_keras(tensorflow) if name == "keras" else _brought_numpy(tensorflow)
            if implied is not None:
                return rank, implied, f"tensorflow {tensorflow.short} ({origin})"
        return named

    def _weaker(self) -> dict[str, tuple[int, Version, str]]:
        """What the project pins, and below it what is installed."""
        if self._weak is not None:
            return self._weak
        self._weak = {}
        if self._folder is not None:
            from foreshape.source.installed import installed_versions
            from foreshape.source.project import project_root
            from foreshape.source.requirements import pinned

            versions, words = installed_versions(project_root(self._folder) or self._folder)
            self._weak.update({name: (_INSTALLED, version, words) for name, version in versions.items()})
            for name, pin in pinned(self._folder).items():
                self._weak[name] = (_PINNED, pin.version, pin.origin)
        return self._weak


def _brought_keras(tensorflow: Version) -> Version | None:
    """The Keras that is `tf.keras` of an older TensorFlow; None where it brings Keras 3."""
    if tensorflow >= _KERAS_3_COMES_WITH:
        return None
    return Version(2, tensorflow.minor) if tensorflow.major >= 2 else Version(2, 3)


def _brought_numpy(tensorflow: Version) -> Version | None:
    """The newest NumPy that an older TensorFlow can stand beside; None where it takes NumPy 2."""
    if tensorflow >= _NUMPY_2_COMES_WITH:
        return None
    # TensorFlow 1 ends with Python 3.7, which NumPy left with 1.21.
    return Version(1, 26, 4) if tensorflow.major >= 2 else Version(1, 21, 6)


def parse_targets(options: Iterable[str]) -> dict[str, Version]:
    """`["keras=2", "numpy=1.26"]` as versions. Raises TargetError with a line that says what is wrong."""
    result: dict[str, Version] = {}
    for option in options:
        name, equals, text = option.partition("=")
        if not equals or not text.strip("= "):
            raise TargetError(f"target {option!r} is not NAME=VERSION, as in keras=2")
        result.update([parse_target(name, text.lstrip("="))])
    return result


def parse_target(name: str, text: str) -> tuple[str, Version]:
    """One target. Raises TargetError."""
    known = canonical(name)
    if known not in RELEASES:
        from foreshape.source.config import nearest

        hint = nearest(name, [*RELEASES, "sklearn"])
        raise TargetError(f"unknown target {name!r}{hint}; known: {', '.join(RELEASES)}")
    try:
        return known, Version.parse(text)
    except ValueError:
        raise TargetError(f"target {name}={text} is not a version, as in {name}={newest(known).short}") from None
