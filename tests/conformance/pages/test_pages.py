"""The examples of every fault page do on the real frameworks what the page says, and `check` says the same of them."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from foreshape.cli.session import CheckSession
from foreshape.explain.report import Report
from foreshape.faults.catalog import fault_class, fault_names

ROOT = Path(__file__).resolve().parents[3]
# What is about comments of our own, and nothing to a framework.
OURS = {"unused-ignore", "revealed-shape"}
NAMES = [name for name in fault_names() if name not in OURS]
KINDS = ("faulty", "fixed")

pytestmark = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("tensorflow", "keras", "sklearn", "pandas")),
    reason="the frameworks are not installed",
)


@pytest.fixture(scope="module")
def real() -> dict[str, dict[str, Any]]:
    programs = {f"{name}.{kind}": getattr(fault_class(name), kind) for name in NAMES for kind in KINDS}
    done = subprocess.run(
        [sys.executable, "-m", "tests.conformance.pages.real"],
        input=json.dumps(programs),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
        timeout=900,
    )
    found: dict[str, dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return found


def reports(folder: Path, name: str, kind: str) -> list[Report]:
    path = folder / f"{name.replace('-', '_')}_{kind}.py"
    path.write_text(getattr(fault_class(name), kind))
    outcome = CheckSession().check([str(path)])
    assert all(file.status == "checked" for file in outcome.files), outcome.files[0].reason
    return list(outcome.reports)


@pytest.mark.parametrize("name", NAMES)
def test_faulty(name: str, real: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    happened = real[f"{name}.faulty"]
    told = reports(tmp_path, name, "faulty")
    assert [report.rule for report in told] == [name]
    report = told[0]
    if report.raises is None:
        assert happened["exception"] is None
        assert report.severity in ("silent", "note")
    else:
        assert report.raises.exception in happened.get("mro", ()), happened
        assert (report.line, report.severity) == (happened["line"], "error")


@pytest.mark.parametrize("name", NAMES)
def test_fixed(name: str, real: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    assert real[f"{name}.fixed"]["exception"] is None, real[f"{name}.fixed"]
    assert [report.message for report in reports(tmp_path, name, "fixed")] == []
