"""Installed packages, every so many files: no internal error, nothing that hangs, and no more errors than are known.

`known.txt` and `known_torch.txt` list the errors that are reported, each of which is either really there (tests of a library
that mean to fail) or an open false alarm; a new one fails the test.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

from tests.conformance.ecosystem.page import PAGE, page
from tests.conformance.ecosystem.survey import Survey, python_files

HERE = Path(__file__).parent
PACKAGES = {"keras": 9, "tf_keras": 9, "numpy": 9, "sklearn": 9, "pandas": 12, "torch": 24}


@pytest.mark.parametrize("package", PACKAGES)
def test_package(package: str) -> None:
    if importlib.util.find_spec(package) is None:
        pytest.skip(f"{package} is not installed")
    files = python_files(package)
    root = os.path.commonpath(files)
    survey = Survey()
    for path in files[:: PACKAGES[package]]:
        survey.check(path)
    print(package, survey.report())
    assert survey.internal == []
    assert survey.hangs == []
    known = {line for path in HERE.glob("known*.txt") for line in path.read_text().splitlines()}
    found = {error.removeprefix(root).split("  ")[0] + "  " + error.split("  ")[-1] for error in survey.errors}
    assert {f"{package}{error}" for error in found} - known == set()
    assert max(seconds for seconds, _ in survey.times) < 60


def test_page_is_made_from_the_figures() -> None:
    assert PAGE.read_text() == page(), "run python -m tests.conformance.ecosystem.page"
