"""What a project says it is built for: the versions in its requirement files and lock files."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, Final

from foreshape.source.project import project_root
from foreshape.source.toml import TomlError, parse_toml, table
from foreshape.source.versions import RELEASES, Version, canonical, choose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NAMES: Final = re.compile(
    r"\b(?:tensorflow|tf[-_]nightly|keras|numpy|torch|pytorch|pandas|scikit[-_]learn|sklearn)", re.I
)
_REQUIREMENT: Final = re.compile(
    r"^\s*([A-Za-z][\w.-]*)\s*(?:\[[^\]]*\])?\s*\(?\s*((?:[=<>~!^]=?|===)\s*[^;#)\s][^;#)]*)?"
)
_LOCKED_NAME: Final = re.compile(r'^name\s*=\s*"([^"]+)"')
_LOCKED_VERSION: Final = re.compile(r'^version\s*=\s*"([^"]+)"')
_MAX_BYTES: Final = 20_000_000


class Pin:
    """A version that a project asks for, and the file that says so."""

    __slots__ = ("origin", "version")

    def __init__(self, version: Version, origin: str) -> None:
        self.version = version
        self.origin = origin

    def __repr__(self) -> str:
        return f"Pin({self.version}, {self.origin})"


def pinned(folder: str) -> dict[str, Pin]:
    """The versions asked for by the files of `folder` and of the folders above it, up to the project's root.

    The nearest folder wins; within one, requirement files win over metadata, and lock files come last.
    """
    root = project_root(folder)
    current = os.path.abspath(folder)
    found: dict[str, Pin] = {}
    while True:
        for name, pin in _pins_of(current):
            found.setdefault(name, pin)
        parent = os.path.dirname(current)
        if root is None or current == root or parent == current:
            return found
        current = parent


def _pins_of(folder: str) -> Iterator[tuple[str, Pin]]:
    try:
        entries = sorted(os.listdir(folder))
    except OSError:
        return
    for name in entries:
        if name.startswith("requirements") and name.endswith((".txt", ".in")):
            yield from _from(folder, name, _requirement_lines)
    if "requirements" in entries:
        inner = os.path.join(folder, "requirements")
        for name in sorted(os.listdir(inner)) if os.path.isdir(inner) else ():
            if name.endswith((".txt", ".in")):
                yield from _from(folder, os.path.join("requirements", name), _requirement_lines)
    for name, reader in _READERS:
        if name in entries:
            yield from _from(folder, name, reader)


def _from(folder: str, name: str, reader: Any) -> Iterator[tuple[str, Pin]]:
    path = os.path.join(folder, name)
    try:
        if os.path.getsize(path) > _MAX_BYTES:
            return
        with open(path, encoding="utf-8", errors="replace") as handle:
            text = handle.read()
    except OSError:
        return
    if not _NAMES.search(text):
        return
    for library, specifier in reader(text):
        known = canonical(library)
        version = choose(known, specifier) if known in RELEASES else None
        if version is not None:
            yield known, Pin(version, name)


def _requirement_lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.split("\n"):
        yield from _requirement(line)


def _requirement(line: str) -> Iterator[tuple[str, str]]:
    found = _REQUIREMENT.match(line)
    if found and found.group(2):
        yield found.group(1), found.group(2)


def _environment_lines(text: str) -> Iterator[tuple[str, str]]:
    """conda's environment.yml: `- tensorflow=2.10`, `- numpy=1.26.4=py311_0`, and pip's lines below `- pip:`."""
    for line in text.split("\n"):
        item = line.strip()
        if not item.startswith("- "):
            continue
        item = item[2:].strip().strip("\"'").rpartition("::")[2]
        for name, specifier in _requirement(item):
            exact = specifier.startswith("=") and not specifier.startswith("==")
            # conda's single = means "this and what follows it": 2.10 is any 2.10, and a build may follow the version.
            yield name, "==" + specifier[1:].split("=")[0] if exact else specifier


def _setup_cfg(text: str) -> Iterator[tuple[str, str]]:
    for line in text.split("\n"):
        yield from _requirement(line.rpartition("install_requires =")[2])


def _document(text: str) -> dict[str, Any]:
    try:
        return parse_toml(text)
    except TomlError:  # the configuration reader says so, where it matters
        return {}


def _pyproject(text: str) -> Iterator[tuple[str, str]]:
    document = _document(text)
    project = table(document, "project")
    groups: list[Any] = [project.get("dependencies")]
    groups.extend(table(project, "optional-dependencies").values())
    groups.extend(table(document, "dependency-groups").values())
    for group in groups:
        for item in group if isinstance(group, list) else ():
            if isinstance(item, str):
                yield from _requirement(item)
    poetry = table(document, "tool", "poetry")
    yield from _poetry(table(poetry, "dependencies").items())
    for group in table(poetry, "group").values():
        if isinstance(group, dict):
            yield from _poetry(table(group, "dependencies").items())


def _pipfile(text: str) -> Iterator[tuple[str, str]]:
    document = _document(text)
    for section in ("packages", "dev-packages"):
        yield from _poetry(table(document, section).items())


def _poetry(items: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, str]]:
    for name, value in items:
        specifier = value.get("version") if isinstance(value, dict) else value
        if isinstance(specifier, str):
            # Poetry reads a bare version as ^version, pipenv has none: both write == for exactly.
            bare = specifier[:1].isdigit() and "*" not in specifier
            yield name, "^" + specifier if bare and specifier.count(".") < 2 else specifier


def _lock(text: str) -> Iterator[tuple[str, str]]:
    """uv.lock and poetry.lock: `name = "x"` followed by `version = "y"`; too long to parse as TOML for two lines."""
    name: str | None = None
    for line in text.split("\n"):
        named = _LOCKED_NAME.match(line)
        if named:
            name = named.group(1)
            continue
        versioned = _LOCKED_VERSION.match(line)
        if versioned and name is not None:
            yield name, "==" + versioned.group(1)
            name = None


_READERS: Final = (
    ("pyproject.toml", _pyproject),
    ("setup.cfg", _setup_cfg),
    ("environment.yml", _environment_lines),
    ("environment.yaml", _environment_lines),
    ("Pipfile", _pipfile),
    ("uv.lock", _lock),
    ("poetry.lock", _lock),
)
