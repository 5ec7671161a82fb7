"""Finding the module that an `import` of the project itself means, without running anything."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

from foreshape.source.files import SourceFile, read_source
from foreshape.source.project import project_root

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Outside the script's own folder (which comes first on Python's path) these names mean the installed library.
_LIBRARIES: Final = frozenset(
    {
        "keras", "tensorflow", "tf_keras", "numpy", "torch", "torchvision", "torchaudio", "pandas", "sklearn", "scipy",
        "matplotlib", "seaborn", "cv2", "PIL", "jax", "tqdm", "transformers", "lightning", "pytorch_lightning",
    }
)  # fmt: skip
_INSTALLED: Final = ("site-packages", "dist-packages")


class LocalModule:
    """A module of the project. `source` is None for a folder without `__init__.py` (a namespace package)."""

    __slots__ = ("folder", "name", "path", "source")

    def __init__(self, name: str, path: str, source: SourceFile | None, folder: str | None) -> None:
        self.name = name
        self.path = path
        self.source = source
        self.folder = folder

    @property
    def is_package(self) -> bool:
        """Whether submodules may be found below it, in `folder`."""
        return self.folder is not None

    def __repr__(self) -> str:
        return f"LocalModule({self.name!r}, {self.path!r})"


class SourceCache:
    """Every file is read and parsed once, however many others import it."""

    __slots__ = ("_files",)

    def __init__(self) -> None:
        self._files: dict[str, SourceFile] = {}

    def read(self, path: str) -> SourceFile:
        key = os.path.abspath(path)
        found = self._files.get(key)
        if found is None:
            found = self._files[key] = read_source(path)
        return found

    def add(self, source: SourceFile) -> None:
        """Take in a source that was not read from its path (standard input)."""
        self._files[os.path.abspath(source.path)] = source

    def with_sources(self, sources: Iterable[SourceFile]) -> SourceCache:
        """The same files but for some, which are taken as they are given."""
        made = SourceCache()
        made._files.update(self._files)
        for source in sources:
            made.add(source)
        return made


class ImportResolver:
    """Resolves imports as they are when one script is run: its own folder first, then the project's roots.

    Nothing is ever found in site-packages: what is installed is known by rules, not by reading it.
    """

    __slots__ = ("_cache", "_entry", "_found", "_own_folder", "_roots")

    def __init__(self, entry: str, roots: Iterable[str] = (), cache: SourceCache | None = None) -> None:
        """`entry` is the script that is checked; `roots` are further folders to import from (those given to check)."""
        self._cache = SourceCache() if cache is None else cache
        self._entry = os.path.abspath(entry)
        self._own_folder = os.path.dirname(self._entry)
        self._roots = _search_path(self._own_folder, roots)
        self._found: dict[tuple[str, str | None], LocalModule | None] = {}

    def resolve(self, name: str, level: int = 0, importer: str | None = None) -> LocalModule | None:
        """The project's module for `import name` or `from .name import ...` (`level` dots) in the file `importer`.

        None where it is not the project's: a library, the standard library, or nothing that is there.
        """
        if level == 0:
            key: tuple[str, str | None] = (name, None)
        else:
            key = ("." * level + name, os.path.dirname(os.path.abspath(importer or self._entry)))
        if key not in self._found:
            self._found[key] = self._relative(name, level, key[1] or "") if level else self._absolute(name)
        return self._found[key]

    def read(self, path: str) -> SourceFile:
        """The source of a file by its path, as it was or would be imported."""
        return self._cache.read(path)

    def with_sources(self, sources: Iterable[SourceFile]) -> ImportResolver:
        """The same search, with some files as they would be after a change."""
        made = ImportResolver(self._entry, (), self._cache.with_sources(sources))
        made._roots = self._roots
        return made

    def _absolute(self, name: str) -> LocalModule | None:
        parts = name.split(".")
        top = parts[0]
        installed = top in _LIBRARIES or top in sys.stdlib_module_names
        for root in self._roots[:1] if installed else self._roots:
            found = self._below(root, parts, name)
            # A folder without __init__.py gives way to an installed library of that name.
            if found is not None and not (installed and found.source is None and len(parts) == 1):
                return found
        return None

    def _relative(self, name: str, level: int, folder: str) -> LocalModule | None:
        for _ in range(level - 1):
            folder = os.path.dirname(folder)
        if _is_installed(folder):
            return None
        if name:
            return self._below(folder, name.split("."), name)
        return self._package(folder, os.path.basename(folder))

    def _below(self, root: str, parts: Sequence[str], name: str) -> LocalModule | None:
        folder = root
        for part in parts[:-1]:
            folder = os.path.join(folder, part)
            if not os.path.isdir(folder):
                return None
        whole = os.path.join(folder, parts[-1])
        if os.path.isfile(os.path.join(whole, "__init__.py")):
            return self._package(whole, name)
        path = whole + ".py"
        if os.path.isfile(path):
            # A script named like the library that it imports (`keras.py`) means the library.
            return None if path == self._entry and len(parts) == 1 else LocalModule(name, path, self._read(path), None)
        return self._package(whole, name) if os.path.isdir(whole) else None

    def _package(self, folder: str, name: str) -> LocalModule:
        path = os.path.join(folder, "__init__.py")
        if os.path.isfile(path):
            return LocalModule(name, path, self._read(path), folder)
        return LocalModule(name, folder, None, folder)

    def _read(self, path: str) -> SourceFile:
        relative = os.path.relpath(path)
        return self._cache.read(path if relative.startswith("..") else relative)


def _search_path(own_folder: str, roots: Iterable[str]) -> list[str]:
    """The script's folder, the folder above its package, the project's root and its `src`, then what was given."""
    folders = [own_folder]
    package = own_folder
    while os.path.isfile(os.path.join(package, "__init__.py")) and os.path.dirname(package) != package:
        package = os.path.dirname(package)
    folders.append(package)
    project = project_root(own_folder)
    if project is not None:
        folders += [project, os.path.join(project, "src")]
    folders += [os.path.abspath(root) for root in roots]
    return [folder for folder in dict.fromkeys(folders) if not _is_installed(folder) and os.path.isdir(folder)]


def _is_installed(folder: str) -> bool:
    parts = folder.split(os.sep)
    return any(part in parts for part in _INSTALLED)
