"""Every family of messages is raised for real, recognised as itself, and its numbers are read right."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from foreshape.explain.pasted.catalogue import families, recognise
from foreshape.explain.pasted.reading import read_pasted
from foreshape.explain.pasted.telling import told

ROOT = Path(__file__).resolve().parents[3]
FAMILIES = {family.name: family for family in families()}
RAISINGS = [
    (family.name, number, raising.target) for family in families() for number, raising in enumerate(family.raised)
]
NEEDED = {
    "keras=3": "keras",
    "keras-torch": "torch",
    "keras=2": "tf_keras",
    "tensorflow": "tensorflow",
    "torch": "torch",
}


GROUPS = {"torch": "torch", "keras-torch": "torch", "einops": "torch"}


@cache
def really(group: str) -> dict[str, str | None]:
    """The tracebacks of all programs of the targets that run in one process, by family and number."""
    programs = {
        f"{family.name}.{number}": (raising.target, raising.code)
        for family in families()
        for number, raising in enumerate(family.raised)
        if raising.target != "text" and GROUPS.get(raising.target, "tensorflow") == group
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.conformance.explain.real", group],
        input=json.dumps(programs),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, str | None] = json.loads(done.stdout.splitlines()[-1])
    return found


def pasted_text(name: str, number: int, target: str) -> str:
    if target == "text":
        return FAMILIES[name].raised[number].code
    library = NEEDED.get(target, target)
    if importlib.util.find_spec(library) is None and target != "python":
        pytest.skip(f"{library} is not installed")
    text = really(GROUPS.get(target, "tensorflow"))[f"{name}.{number}"]
    assert text is not None, "this code raises nothing"
    return text


@pytest.mark.parametrize(("name", "number", "target"), RAISINGS)
def test_recognised(name: str, number: int, target: str) -> None:
    text = pasted_text(name, number, target)
    pasted = read_pasted(text)
    found = recognise(pasted[-1])
    assert found is not None, f"not recognised: {pasted[-1].exception}: {pasted[-1].flat[:500]}"
    assert found.family.name == name
    expected: dict[str, Any] = FAMILIES[name].raised[number].numbers
    assert {key: found.numbers.get(key) for key in expected} == expected
    unsaid = {key for key, value in found.numbers.items() if isinstance(value, (int, tuple)) and key not in expected}
    assert not unsaid or found.family.library in ("torch", "einops"), f"nothing says what these are to be: {unsaid}"
    assert found.headline, "the headline asks for a word that this message does not have"
    shown = told(pasted, found)
    assert "{" not in re.sub(r"\{'[^}]*\}", "", found.headline), shown
    if target != "text":
        assert any(each.own_frames for each in pasted) or target == "python"


def test_names_are_unique() -> None:
    assert len(FAMILIES) == len(list(families()))


@pytest.mark.parametrize("name", FAMILIES)
def test_prose(name: str) -> None:
    """Plain sentences, without questions, without pleading, and with something to do."""
    family = FAMILIES[name]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert family.raised, "nothing shows that this message exists"
    assert family.changes, "nothing says what to change"
    for text in (family.headline, family.means, *family.causes, *family.changes):
        assert "?" not in re.sub(r"\?[.\]]", "", text) and "please" not in text.lower()
    assert not family.headline.endswith(".")
    for text in (family.means, *family.causes, *family.changes):
        assert text.endswith((".", ":", "}")), text
