"""Asks Foreshape, in this process, through its command line, and reads the JSON that it prints."""

from __future__ import annotations

import contextlib
import io
import json
from typing import Any


class NotYet(Exception):
    """Foreshape gave no JSON: an internal error, or a command that does not exist."""


def _command(arguments: list[str]) -> tuple[int, str]:
    from foreshape.cli.main import main

    out, err = io.StringIO(), io.StringIO()
    status = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(arguments)
        except SystemExit as stop:
            status = stop.code if isinstance(stop.code, int) else 1
    text = out.getvalue()
    if not text.lstrip().startswith("{"):
        said = (err.getvalue() or text).strip().replace(arguments[1], "")
        raise NotYet(f"foreshape {arguments[0]}, status {status}: {said[-400:]}")
    return status, text


def check(path: str, target: str) -> dict[str, Any]:
    """``foreshape check PATH --format json --target TARGET``."""
    _, text = _command(["check", path, "--format", "json", "--target", target])
    found: dict[str, Any] = json.loads(text)
    return found


def shapes(path: str, target: str) -> list[dict[str, Any]]:
    """The entries of ``foreshape shapes FILE --format json --target TARGET``."""
    _, text = _command(["shapes", path, "--format", "json", "--target", target])
    found: list[dict[str, Any]] = json.loads(text)["shapes"]
    return found


__all__ = ["NotYet", "check", "shapes"]
