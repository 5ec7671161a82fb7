"""Every kind of fault says what it is, shows itself and its cure, and is raised somewhere."""

from __future__ import annotations

import ast
import re

import pytest

from foreshape.faults.base import Fault
from foreshape.faults.catalog import fault_class, fault_names
from tests.architecture.test_architecture import PACKAGE, modules, room

NAMES = fault_names()


@pytest.mark.parametrize("name", NAMES)
def test_documented(name: str) -> None:
    fault = fault_class(name)
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", name)
    assert issubclass(fault, Fault)
    assert fault.summary.endswith(".")
    assert "\n" not in fault.summary
    assert len(fault.summary) <= 110
    assert len(fault.page.split()) >= 10, "the page says why it happens"
    assert fault.faulty.strip() != fault.fixed.strip()
    for program in (fault.faulty, fault.fixed):
        assert ast.parse(program).body


@pytest.fixture(scope="module")
def used() -> set[str]:
    """Every name that code outside of faults/ mentions."""
    found: set[str] = set()
    for path in modules():
        if room(path) != "faults":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            found |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return found


@pytest.mark.parametrize("name", NAMES)
def test_raised_somewhere(name: str, used: set[str]) -> None:
    assert fault_class(name).__name__ in used


def test_one_file_each() -> None:
    files = {path.stem.replace("_", "-") for path in (PACKAGE / "faults").glob("*.py")}
    assert files - {"--init--", "base", "catalog"} == set(NAMES)
    assert len({fault_class(name) for name in NAMES}) == len(NAMES)
