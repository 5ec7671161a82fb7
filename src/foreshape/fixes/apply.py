"""Edits in the bytes of a file, every other byte as it was, and the replacing of the file itself."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from foreshape.fixes.edits import Overlap, Splice
from foreshape.source.files import NOTEBOOK_SUFFIX, source_from_bytes

if TYPE_CHECKING:
    from foreshape.source.files import SourceFile

MARK: Final = b"\xef\xbb\xbf"
COOKIE: Final = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
LINE_END: Final = re.compile(r"\r\n|\r|\n")


class NotApplied(Exception):
    """The file cannot be changed; the text says why."""


def edited_bytes(path: str, data: bytes, splices: Sequence[Splice]) -> bytes:
    """The content of a file after the splices. Raises NotApplied."""
    source = source_from_bytes(path, data)
    if source.tree is None:
        raise NotApplied(f"{path} {source.reason}")
    if path.endswith(NOTEBOOK_SUFFIX):
        from foreshape.fixes.notebook import edited_notebook

        return edited_notebook(source, data, splices)
    head = MARK if data.startswith(MARK) else b""
    encoding = _encoding(data)
    text = data[len(head) :].decode(encoding)
    changed = head + spliced_text(text, splices).encode(encoding)
    _hold(source_from_bytes(path, changed), path)
    return changed


def spliced_text(text: str, splices: Sequence[Splice]) -> str:
    """Splices in a text with line ends of any kind; what is added gets the kind that the text has most of."""
    starts, ends = [0], []
    kinds: dict[str, int] = {}
    for found in LINE_END.finditer(text):
        starts.append(found.end())
        ends.append(found.start())
        kinds[found.group()] = kinds.get(found.group(), 0) + 1
    ends.append(len(text))
    newline = max(kinds, key=lambda each: kinds[each]) if kinds else "\n"
    last = len(text)
    for splice in sorted(splices, key=lambda each: each.key, reverse=True):
        if splice.end_row > len(starts):
            raise NotApplied("the change reaches past the end of the file")
        first, behind = starts[splice.row - 1] + splice.column - 1, starts[splice.end_row - 1] + splice.end_column - 1
        if first > ends[splice.row - 1] or behind > min(ends[splice.end_row - 1], last) or first > behind:
            raise Overlap(repr(splice))
        text = text[:first] + splice.text.replace("\n", newline) + text[behind:]
        last = first
    return text


def write_if_unchanged(path: str, read: bytes, new: bytes) -> None:
    """Replace a file in one step, if it still holds what was read. Raises NotApplied."""
    real = os.path.realpath(path)
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=".foreshape-", dir=os.path.dirname(real) or ".")
        with os.fdopen(handle, "wb") as out:
            out.write(new)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(temporary, os.stat(real).st_mode & 0o7777)
        with open(real, "rb") as current:
            if current.read() != read:
                raise NotApplied(f"{path} was changed since it was read; nothing was written")
        os.replace(temporary, real)
        temporary = ""
    except OSError as error:
        raise NotApplied(f"{path} cannot be written: {error.strerror or error}") from None
    finally:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)


def _encoding(data: bytes) -> str:
    if data.startswith(MARK):
        return "utf-8"
    for line in data.split(b"\n", 2)[:2]:
        found = COOKIE.match(line)
        if found:
            return found.group(1).decode("ascii")
        if line.strip() and not line.lstrip().startswith(b"#"):
            break
    return "utf-8"


def _hold(source: SourceFile, path: str) -> None:
    if source.tree is None:
        raise NotApplied(f"the change would leave {path} in a state that is no Python")
