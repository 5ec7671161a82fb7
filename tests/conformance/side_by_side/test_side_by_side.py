"""The programs of ``docs/side_by_side`` still do on the real frameworks what the page shows."""

from __future__ import annotations

import importlib.util
import json
import re

import pytest

from tests.conformance.side_by_side.record import PRINTED, really

pytestmark = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("tensorflow", "keras", "tf_keras", "torch")),
    reason="the frameworks are not installed",
)


def test_what_the_frameworks_print() -> None:
    """``python -m tests.conformance.side_by_side.record`` where this fails. Numbers of nodes and lines may differ."""
    recorded: dict[str, str] = json.loads(PRINTED.read_text(encoding="utf-8"))
    found = really()
    assert {name: essence(text) for name, text in found.items()} == {
        name: essence(text) for name, text in recorded.items()
    }


def essence(text: str) -> list[str]:
    """The exceptions, the person's own lines and what the program prints itself."""
    lines = [line.strip() for line in text.splitlines() if not re.match(r"^\s*[\^~]+\s*$|^\s+\.\.\. lines", line)]
    return [re.sub(r"_\d+|:\d+:", "", line) for line in lines if "[Op:" not in line]
