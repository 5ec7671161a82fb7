"""Which libraries are installed, read from the names of folders: importing `importlib.metadata` costs too much."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

from foreshape.source.versions import RELEASES, Version, canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_VENV_NAMES: Final = (".venv", "venv", "env", ".env")
_SUFFIX: Final = ".dist-info"


def installed_versions(project: str | None) -> tuple[dict[str, Version], str]:
    """What the project's own environment holds, else what this interpreter's does; and words for which it was."""
    for folder in _environments(project):
        found = _versions_in(_site_packages(folder))
        if found:
            return found, f"installed in {os.path.basename(folder)}"
    return _versions_in(sys.path), "installed"


def _environments(project: str | None) -> Iterator[str]:
    if project is not None:
        for name in _VENV_NAMES:
            folder = os.path.join(project, name)
            if os.path.exists(os.path.join(folder, "pyvenv.cfg")):
                yield folder
    active = os.environ.get("VIRTUAL_ENV") or os.environ.get("CONDA_PREFIX")
    if active and os.path.isdir(active):
        yield active


def _site_packages(environment: str) -> Iterator[str]:
    yield os.path.join(environment, "Lib", "site-packages")
    lib = os.path.join(environment, "lib")
    try:
        names = os.listdir(lib)
    except OSError:
        return
    for name in names:
        if name.startswith("python"):
            yield os.path.join(lib, name, "site-packages")


def _versions_in(folders: Iterable[str]) -> dict[str, Version]:
    found: dict[str, Version] = {}
    for folder in folders:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        for name in names:
            if not name.endswith(_SUFFIX):
                continue
            library, _, version = name[: -len(_SUFFIX)].partition("-")
            known = canonical(library)
            if known not in RELEASES or known in found:
                continue
            try:
                found[known] = Version.parse(version)
            except ValueError:
                continue
    return found
