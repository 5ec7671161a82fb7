"""A name has one rule for each version: of two, the one whose module happens to be read first would decide."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ASKED = """
import importlib, itertools, pkgutil
import foreshape.semantics
from foreshape.semantics.registry import REGISTRY

for module in pkgutil.walk_packages(foreshape.semantics.__path__, "foreshape.semantics."):
    importlib.import_module(module.name)

def number(version, otherwise):
    return [int(part) for part in version.split(".")] if version else otherwise

for name, rules in sorted(REGISTRY.rules.items()):
    for one, other in itertools.combinations(rules, 2):
        after = number(one.since, [0]) < number(other.until, [9999])
        before = number(other.since, [0]) < number(one.until, [9999])
        if one.kind == other.kind and after and before:
            print(name, one.function.__module__, other.function.__module__)
"""


def test_no_name_has_two_rules() -> None:
    """Also across modules that no program reads together."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "FORESHAPE_NO_INDEX": "1"}
    done = subprocess.run([sys.executable, "-c", ASKED], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == []
