"""Open files and buffers that reach code which does not say what it writes into them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from foreshape.domain.values import Instance, LibraryRef, Typed, Value
from foreshape.interpret.dict_classes import DictClasses
from foreshape.semantics.python.handles import BUFFER, PLACE, TEXT

KEEPS_TO_ITSELF: Final = ("builtins.", "io.", "csv.")
"""What these do with a file, their rules say."""


class Streams(DictClasses):
    """``json.dump(x, file)``, ``frame.info(buf=file)``: a library that was handed a file may have written into it."""

    def call_library(self, function: LibraryRef, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        held = () if function.name.startswith(KEEPS_TO_ITSELF) else open_files((*args, *kwargs.values()))
        before = [(file, file.fields.get(PLACE), _text(file)) for file in held]
        made = super().call_library(function, args, kwargs)
        for file, place, text in before:
            if file.fields.get(PLACE) is place and _text(file) is text:
                self.forget(file)
        return made

    def forget(self, value: Value) -> None:
        """Also what a file holds, and where the next read begins."""
        buffer = value.fields.get(BUFFER) if isinstance(value, Instance) else None
        if isinstance(value, Instance) and isinstance(buffer, Instance):
            self.set(buffer, TEXT, Typed("str"))
            self.set(value, PLACE, Typed("int", lo=0))
        else:
            super().forget(value)


def open_files(values: Iterable[Value]) -> list[Instance]:
    """Those of the values that are files whose text is followed."""
    return [value for value in values if isinstance(value, Instance) and BUFFER in value.fields]


def _text(file: Instance) -> Value | None:
    buffer = file.fields[BUFFER]
    return buffer.fields.get(TEXT) if isinstance(buffer, Instance) else None


__all__ = ["Streams", "open_files"]
