"""Every message that the other suites recorded from real runs is told without failing, and most of them are known.

Those suites go through every argument of every function, so what is not known here is seldom met by people.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from foreshape.explain.pasted.catalogue import Recognised, recognise
from foreshape.explain.pasted.reading import Pasted
from foreshape.explain.pasted.telling import told

SUITES = Path(__file__).resolve().parents[1]
# How many of a hundred messages are known at least.
FLOORS = {
    "torch_ops/truth.json.gz": 61,
    "torch_nn/truth.json.gz": 74,
    "verdict/truth_torch.json": 95,
    "verdict/truth.json": 88,
}


def messages(found: Any) -> Iterator[tuple[str, str]]:
    """The exceptions and messages of a file of records, whatever their form."""
    if isinstance(found, dict):
        if found.get("verdict") == "raises":
            yield found["exception"], found["message"]
        for each in found.values():
            yield from messages(each)
    elif isinstance(found, list):
        if len(found) == 3 and found[0] == "raises" and isinstance(found[2], str):
            yield found[1], found[2]
        for each in found:
            yield from messages(each)


@pytest.mark.parametrize("name", FLOORS)
def test_recorded_messages(name: str) -> None:
    data = (SUITES / name).read_bytes()
    recorded = list(messages(json.loads(gzip.decompress(data) if name.endswith(".gz") else data)))
    known = [found for exception, message in recorded if (found := recognise(Pasted(exception, message))) is not None]
    for found in known:
        tell(found)
    assert 100 * len(known) >= FLOORS[name] * len(recorded), f"{len(known)} of {len(recorded)}"


def tell(found: Recognised) -> None:
    told([found.pasted], found)
    assert found.headline, f"{found.family.name} leaves its headline open: {found.pasted.message}"
    assert found.means, f"{found.family.name} leaves its sentence open: {found.pasted.message}"
    assert found.changes, f"{found.family.name} says nothing to do: {found.pasted.message}"
