"""Which files a command is about: the files named, and what is below the folders named."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SUFFIXES: Final = (".py", ".pyw", ".ipynb")
_SKIPPED: Final = frozenset({"__pycache__", "node_modules", "site-packages", "dist-packages"})
_SKIPPED_UNLESS_PACKAGE: Final = frozenset({"build", "dist"})  # packages of that name exist
_MARKERS_OF_A_VENV: Final = ("pyvenv.cfg", "conda-meta")


class Discovery:
    """The files to look at, in order, and a line for every path that gives none."""

    __slots__ = ("files", "problems")

    def __init__(self, files: Sequence[str], problems: Sequence[tuple[str, str]]) -> None:
        self.files = files
        self.problems = problems


def discover(paths: Iterable[str], exclude: Sequence[str] = ()) -> Discovery:
    """Files for `paths`. A file that is named is taken whatever its suffix and whatever `exclude` says.

    Folders are read in sorted order; hidden ones, virtual environments, caches and build output are passed over.
    A missing path stays in `files`: reading it says that it is missing.
    """
    files: dict[str, None] = {}
    problems: list[tuple[str, str]] = []
    for path in paths:
        if not os.path.isdir(path):
            files.setdefault(path)
            continue
        excluded = Excluded(exclude, path)
        seen = False
        for found in _below(path, excluded, problems):
            seen = True
            files.setdefault(found)
        if not seen:
            problems.append((path, "has no Python file or notebook in it" + (" to check" if exclude else "")))
    return Discovery(_once(files), problems)


class Excluded:
    """Patterns as in `.gitignore`, near enough: a bare name fits at any depth, one with a slash from the top."""

    __slots__ = ("_patterns", "_top")

    def __init__(self, patterns: Sequence[str], top: str) -> None:
        self._top = top
        self._patterns = [pattern.strip("/").removeprefix("./") for pattern in patterns if pattern.strip("/")]

    def __call__(self, path: str) -> bool:
        if not self._patterns:
            return False
        from fnmatch import fnmatchcase

        relative = os.path.relpath(path, self._top).replace(os.sep, "/")
        shown = os.path.normpath(path).replace(os.sep, "/")
        name = os.path.basename(shown)
        for pattern in self._patterns:
            if "/" not in pattern:
                if fnmatchcase(name, pattern):
                    return True
            elif any(fnmatchcase(whole, pattern) or fnmatchcase(whole, pattern + "/*") for whole in (relative, shown)):
                return True
        return False


def _below(folder: str, excluded: Excluded, problems: list[tuple[str, str]]) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        problems.append((folder, f"cannot be read: {error.strerror or error}"))
        return
    folders: list[str] = []
    for entry in found:
        path = _join(folder, entry.name)
        if entry.name.startswith(".") or excluded(path):
            continue
        try:
            is_folder = entry.is_dir(follow_symlinks=False)
            is_file = not is_folder and entry.is_file()
        except OSError:
            continue
        if is_folder:
            if not _passed_over(path, entry.name):
                folders.append(path)
        elif is_file and entry.name.endswith(SUFFIXES):
            yield path
    for path in folders:
        yield from _below(path, excluded, problems)


def _passed_over(path: str, name: str) -> bool:
    if name in _SKIPPED or name.endswith((".egg-info", ".egg")):
        return True
    if name in _SKIPPED_UNLESS_PACKAGE:
        return not os.path.exists(os.path.join(path, "__init__.py"))
    return any(os.path.exists(os.path.join(path, marker)) for marker in _MARKERS_OF_A_VENV)


def _join(folder: str, name: str) -> str:
    return name if folder in {".", ""} else os.path.join(folder, name)


def _once(files: Iterable[str]) -> list[str]:
    """Each file once, under the first name it was given."""
    seen: set[str] = set()
    result: list[str] = []
    for path in files:
        key = os.path.realpath(path)
        if key not in seen:
            seen.add(key)
            result.append(path)
    return result
