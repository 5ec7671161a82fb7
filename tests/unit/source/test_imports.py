"""Imports of the project's own modules."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from foreshape.source.imports import ImportResolver, SourceCache


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for path in (
        "pyproject.toml", "scripts/train.py", "scripts/helpers.py", "src/pkg/__init__.py", "src/pkg/data.py",
        "src/pkg/deep/__init__.py", "src/pkg/deep/net.py", "top.py", "space/inner.py", "keras/__init__.py", "json.py",
        "lib/site-packages/other.py",
    ):  # fmt: skip
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    return tmp_path


def found(project: Path, entry: str, name: str, level: int = 0, importer: str | None = None) -> str | None:
    resolver = ImportResolver(str(project / entry))
    module = resolver.resolve(name, level, None if importer is None else str(project / importer))
    return None if module is None else os.path.relpath(module.path, project).replace(os.sep, "/")


@pytest.mark.parametrize(
    ("entry", "name", "path"),
    [
        ("scripts/train.py", "helpers", "scripts/helpers.py"),
        ("scripts/train.py", "top", "top.py"),
        ("scripts/train.py", "pkg", "src/pkg/__init__.py"),
        ("scripts/train.py", "pkg.data", "src/pkg/data.py"),
        ("scripts/train.py", "pkg.deep.net", "src/pkg/deep/net.py"),
        ("src/pkg/deep/net.py", "pkg.data", "src/pkg/data.py"),
        ("scripts/train.py", "space", "space"),
        ("scripts/train.py", "space.inner", "space/inner.py"),
        ("scripts/train.py", "nothing", None),
        ("scripts/train.py", "pkg.nothing", None),
        ("scripts/train.py", "keras", None),
        ("scripts/train.py", "json", None),
        ("scripts/train.py", "numpy", None),
        ("scripts/train.py", "other", None),
        ("top.py", "json", "json.py"),
        ("top.py", "keras", "keras/__init__.py"),
        ("json.py", "json", None),
        ("lib/site-packages/other.py", "other", None),
    ],
)
def test_absolute(project: Path, entry: str, name: str, path: str | None) -> None:
    assert found(project, entry, name) == path


@pytest.mark.parametrize(
    ("name", "level", "path"),
    [
        ("net", 1, "src/pkg/deep/net.py"),
        ("", 1, "src/pkg/deep/__init__.py"),
        ("data", 2, "src/pkg/data.py"),
        ("", 2, "src/pkg/__init__.py"),
        ("nothing", 1, None),
    ],
)
def test_relative(project: Path, name: str, level: int, path: str | None) -> None:
    assert found(project, "scripts/train.py", name, level, "src/pkg/deep/__init__.py") == path


def test_nothing_is_found_among_the_installed(project: Path) -> None:
    assert found(project, "top.py", "other", 1, "lib/site-packages/x.py") is None


def test_folders_given_to_check_are_roots(tmp_path: Path) -> None:
    for path in ("app/main.py", "shared/util.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    entry = str(tmp_path / "app" / "main.py")
    assert ImportResolver(entry).resolve("util") is None
    assert ImportResolver(entry, [str(tmp_path / "shared")]).resolve("util") is not None


def test_parsed_once(project: Path) -> None:
    cache = SourceCache()
    first = ImportResolver(str(project / "top.py"), (), cache).resolve("pkg")
    second = ImportResolver(str(project / "scripts/train.py"), (), cache).resolve("pkg")
    assert first is not None
    assert second is not None
    assert first.is_package
    assert first.source is second.source is not None
