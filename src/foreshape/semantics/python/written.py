"""What the program itself wrote to files, by their names: what is read from there later is known.

A name is a known text, or begins with a folder of which only the identity is known (``tempfile.mkdtemp()``). Writing to
a name of which nothing is known may overwrite any file: then all are forgotten.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.values import Instance, Typed, Value, as_str

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

STATE: Final = "files"
KEY: Final = "~written"


class PathText(Typed):
    """A text of unknown beginning: parts that are texts, or values whose identity alone is known."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[str | Value, ...]) -> None:
        super().__init__("str")
        self.parts = parts


class Written:
    """The files of the program: what each holds, by the key of its name."""

    __slots__ = ("files",)

    def __init__(self, files: dict[Hashable, Any]) -> None:
        self.files = files


def text_of(value: Value | None) -> str | None:
    """The text of a name or a path object, where it is known."""
    if value is None:
        return None
    if isinstance(value, Instance):
        held = value.fields.get("~path")
        return held if isinstance(held, str) else None
    return as_str(value)


def joined(parts: tuple[Value, ...]) -> Value:
    """``os.path.join`` of parts that are not all known."""
    made: list[str | Value] = []
    for part in parts:
        text = text_of(part)
        if text is not None and text.startswith("/"):
            made.clear()
        made += part.parts if isinstance(part, PathText) else (part if text is None else text,)
    return PathText(tuple(made))


def ending(value: Value | None) -> str | None:
    """The text that a name ends in: the whole of it where it is known."""
    if isinstance(value, PathText):
        last = value.parts[-1]
        return last if isinstance(last, str) else None
    return text_of(value)


def key_of(value: Value | None, extension: str = "") -> Hashable:
    """What a file is remembered by; None where nothing is known of its name. extension: what is appended without it."""
    text = text_of(value)
    if text is not None:
        text = text.removeprefix("./")
        return text if text.endswith(extension) else text + extension
    if isinstance(value, PathText):
        parts = [part if isinstance(part, str) else id(part) for part in value.parts]
        last = parts[-1]
        if isinstance(last, str) and not last.endswith(extension):
            parts[-1] = last + extension
        return tuple(parts)
    return ("handle", id(value)) if isinstance(value, (Instance, Typed)) else None


def write(cx: Context, name: Value | None, content: Any, extension: str = "") -> None:
    """Keep what a file holds from here on. content: what the reader understands, None for something not known."""
    state = cx.state(STATE)
    before: Written | None = state.fields.get(KEY)
    files = {} if before is None else dict(before.files)
    key = key_of(name, extension)
    if key is None:
        files.clear()
    else:
        files[key] = (name, content)  # the name is kept so that its identity is not given to another value
    cx.set(state, KEY, Written(files))


def read(cx: Context, name: Value | None, extension: str = "") -> Any:
    """What the program wrote there, None where it did not."""
    state: Written | None = cx.state(STATE).fields.get(KEY)
    key = key_of(name, extension)
    if state is None or key is None:
        return None
    found = state.files.get(key)
    return None if found is None else found[1]
