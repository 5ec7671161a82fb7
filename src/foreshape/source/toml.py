"""TOML text to a dict, imported only where a file is there to read: the parser costs several milliseconds."""

from __future__ import annotations

import sys
from typing import Any


class TomlError(ValueError):
    """The text is not TOML; the message says where."""


def parse_toml(text: str) -> dict[str, Any]:
    """Raises TomlError."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        document: dict[str, Any] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise TomlError(str(error) or "nested too deeply") from None
    return document


def table(document: dict[str, Any], *keys: str) -> dict[str, Any]:
    """The table at `keys`, or an empty one."""
    current: Any = document
    for key in keys:
        current = current.get(key) if isinstance(current, dict) else None
    return current if isinstance(current, dict) else {}
