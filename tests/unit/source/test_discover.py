"""Which files a path stands for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from foreshape.source.discover import discover


def tree(root: Path, *paths: str) -> None:
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()


def below(root: Path, *exclude: str) -> list[str]:
    return [os.path.relpath(path, root).replace(os.sep, "/") for path in discover([str(root)], exclude).files]


def test_folders(tmp_path: Path) -> None:
    tree(
        tmp_path, "b.py", "a.py", "n.ipynb", "w.pyw", "c.txt", "stub.pyi", "pkg/m.py", ".hidden/x.py", ".x.py",
        "__pycache__/c.py", "node_modules/n.py", "env/pyvenv.cfg", "env/lib/e.py", "build/lib/b.py", "dist/d.py",
        "real/build/__init__.py", "lib/site-packages/s.py", "p.egg-info/e.py", ".ipynb_checkpoints/n.ipynb",
    )  # fmt: skip
    assert below(tmp_path) == ["a.py", "b.py", "n.ipynb", "w.pyw", "pkg/m.py", "real/build/__init__.py"]


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("old", ["a.py", "pkg/b.py", "pkg/test_c.py"]),
        ("test_*.py", ["a.py", "old/o.py", "pkg/b.py"]),
        ("pkg/*", ["a.py", "old/o.py"]),
        ("pkg/", ["a.py", "old/o.py"]),
        ("./pkg/b.py", ["a.py", "old/o.py", "pkg/test_c.py"]),
    ],
)
def test_exclude(tmp_path: Path, pattern: str, left: list[str]) -> None:
    tree(tmp_path, "a.py", "pkg/b.py", "pkg/test_c.py", "old/o.py")
    assert below(tmp_path, pattern) == left


def test_a_named_file_is_always_taken(tmp_path: Path) -> None:
    tree(tmp_path, "script", "site-packages/x.py")
    named = [str(tmp_path / "script"), str(tmp_path / "missing.py"), str(tmp_path / "site-packages")]
    found = discover(named, ["script"])
    assert found.files == [named[0], named[1], str(tmp_path / "site-packages" / "x.py")]


def test_once(tmp_path: Path) -> None:
    tree(tmp_path, "a.py")
    path = str(tmp_path / "a.py")
    assert discover([path, str(tmp_path), os.path.join(str(tmp_path), ".", "a.py")]).files == [path]


def test_a_folder_without_python(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt")
    found = discover([str(tmp_path)])
    assert found.files == []
    assert found.problems == [(str(tmp_path), "has no Python file or notebook in it")]


def test_a_loop_of_links(tmp_path: Path) -> None:
    tree(tmp_path, "a.py")
    os.symlink(tmp_path, tmp_path / "loop", target_is_directory=True)
    assert below(tmp_path) == ["a.py"]
