"""Texts of NumPy calls: ``calls/FAMILY.txt``, one a line. The last expression after a ``;`` is what is compared."""

from __future__ import annotations

import os

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "calls")


def families() -> dict[str, list[str]]:
    """The texts of each family, with those that are generated."""
    from tests.conformance.numpy_ops.generated import generated

    found: dict[str, list[str]] = {}
    for name in sorted(os.listdir(HERE)):
        with open(os.path.join(HERE, name), encoding="utf-8") as file:
            found[name.removesuffix(".txt")] = [line.rstrip("\n") for line in file if line.strip()]
    for name, texts in generated().items():
        found.setdefault(name, []).extend(texts)
    return found
