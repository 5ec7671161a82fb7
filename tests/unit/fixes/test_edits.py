from __future__ import annotations

import pytest

from foreshape.fixes.apply import NotApplied, edited_bytes, spliced_text, write_if_unchanged
from foreshape.fixes.edits import Overlap, Splice, old_row, spliced


def splice(row: int, column: int, end_row: int, end_column: int, text: str) -> Splice:
    return Splice("a.py", row, column, end_row, end_column, text)


def test_several_in_any_order() -> None:
    changes = [splice(1, 5, 1, 6, "10"), splice(2, 1, 2, 1, "c = 3\n"), splice(1, 1, 1, 2, "alpha")]
    assert spliced(["a = 1", "b = 2", ""], changes) == "alpha = 10\nc = 3\nb = 2\n"


def test_overlap_is_refused() -> None:
    with pytest.raises(Overlap):
        spliced(["abcdef"], [splice(1, 1, 1, 4, "x"), splice(1, 3, 1, 6, "y")])
    with pytest.raises(Overlap):
        spliced_text("abcdef", [splice(1, 1, 1, 4, "x"), splice(1, 3, 1, 6, "y")])


@pytest.mark.parametrize(("new", "old"), [(1, 1), (2, 2), (3, 2), (4, 3)])
def test_rows_after_an_inserted_line(new: int, old: int) -> None:
    assert old_row(new, [splice(2, 1, 2, 1, "inserted\n")]) == old


@pytest.mark.parametrize(("new", "old"), [(1, 1), (2, 3), (3, 4)])
def test_rows_after_a_removed_line(new: int, old: int) -> None:
    assert old_row(new, [splice(2, 1, 3, 1, "")]) == old


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r"])
def test_line_ends_stay(newline: bytes) -> None:
    data = newline.join([b"a = 1  # one", b"b = [1,   2]", b""])
    found = edited_bytes("a.py", data, [splice(2, 5, 2, 13, "3"), splice(2, 1, 2, 1, "c = 0\n")])
    assert found == newline.join([b"a = 1  # one", b"c = 0", b"b = 3", b""])


def test_mark_and_encoding_stay() -> None:
    marked = b"\xef\xbb\xbfa = 'g\xc3\xbcn'\nb = 1\n"
    assert edited_bytes("a.py", marked, [splice(2, 5, 2, 6, "2")]) == marked[:-2] + b"2\n"
    latin = b"# -*- coding: latin-1 -*-\na = '\xfc'; b = 1\n"
    assert edited_bytes("a.py", latin, [splice(2, 14, 2, 15, "2")]) == latin[:-2] + b"2\n"


def test_what_would_be_no_python_is_refused() -> None:
    with pytest.raises(NotApplied):
        edited_bytes("a.py", b"a = (1)\n", [splice(1, 7, 1, 8, "")])


def test_written_only_if_unchanged(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "a.py"
    path.write_bytes(b"a = 1\n")
    path.chmod(0o640)
    write_if_unchanged(str(path), b"a = 1\n", b"a = 2\n")
    assert path.read_bytes() == b"a = 2\n"
    assert path.stat().st_mode & 0o777 == 0o640
    with pytest.raises(NotApplied, match="was changed"):
        write_if_unchanged(str(path), b"a = 1\n", b"a = 3\n")
    assert path.read_bytes() == b"a = 2\n"
    assert [each.name for each in tmp_path.iterdir()] == ["a.py"]


def test_a_link_stays_a_link(tmp_path) -> None:  # type: ignore[no-untyped-def]
    real, link = tmp_path / "real.py", tmp_path / "link.py"
    real.write_bytes(b"a = 1\n")
    link.symlink_to(real)
    write_if_unchanged(str(link), b"a = 1\n", b"a = 2\n")
    assert link.is_symlink()
    assert real.read_bytes() == b"a = 2\n"
