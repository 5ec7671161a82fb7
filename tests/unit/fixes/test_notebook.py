from __future__ import annotations

import json

import pytest

from foreshape.fixes.apply import NotApplied, edited_bytes
from foreshape.fixes.edits import Splice


def notebook(*cells: object, indent: int | None = 1, ascii_only: bool = False) -> bytes:
    held = [{"cell_type": "markdown", "metadata": {}, "source": ["# süß\n", "text"]}]
    held += [{"cell_type": "code", "execution_count": 3, "outputs": [], "source": each} for each in cells]  # type: ignore[misc]
    document = {"cells": held, "metadata": {"x": 1.50}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(document, indent=indent, ensure_ascii=ascii_only).encode() + b"\n"


def edit(data: bytes, *changes: tuple[int, int, int, int, str]) -> bytes:
    return edited_bytes("n.ipynb", data, [Splice("n.ipynb", *each) for each in changes])


def sources(data: bytes) -> list[str]:
    cells = json.loads(data)["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


@pytest.mark.parametrize("indent", [None, 1, 4])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_only_the_line_changes(indent: int | None, ascii_only: bool) -> None:
    data = notebook(
        ["%matplotlib inline\n", "a = 'é'\n", "b = 1"], ["c = 2\n", "d = 3"], indent=indent, ascii_only=ascii_only
    )
    found = edit(data, (4, 5, 4, 6, "20"))
    assert found == data.replace(b"c = 2", b"c = 20")


def test_a_line_added_and_one_removed() -> None:
    data = notebook(["a = 1\n", "b = 2\n", "c = 3"])
    assert sources(edit(data, (2, 1, 2, 1, "x = 0\n"))) == ["a = 1\nx = 0\nb = 2\nc = 3"]
    assert sources(edit(data, (1, 1, 2, 1, ""))) == ["b = 2\nc = 3"]
    assert sources(edit(data, (2, 1, 3, 1, ""))) == ["a = 1\nc = 3"]
    assert edit(data, (2, 1, 3, 1, "")) == notebook(["a = 1\n", "c = 3"])


def test_a_cell_that_is_one_string() -> None:
    data = notebook("a = 1\nb = 2")
    assert edit(data, (2, 5, 2, 6, "3")) == notebook("a = 1\nb = 3")


def test_over_two_cells_is_refused() -> None:
    data = notebook(["a = 1"], ["b = 2"])
    with pytest.raises(NotApplied):
        edit(data, (1, 1, 2, 1, ""))


def test_a_magic_line_is_refused() -> None:
    data = notebook(["%time a = 1\n", "b = 2"])
    with pytest.raises(NotApplied):
        edit(data, (1, 11, 1, 12, "2"))
