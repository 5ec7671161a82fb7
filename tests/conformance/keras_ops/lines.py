"""The calls that Keras is asked and that we are asked.

``calls.txt.gz`` is what Keras' own tests call. ``cases.txt`` is ours: ``{a|b}`` stands for either, ``X(2, 3)`` for a
float32 tensor, ``I`` int32, ``L`` int64, ``B`` bool. Each line is asked with data, with symbolic tensors, and with
symbolic tensors whose first size is None.
"""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Iterator

HERE = os.path.dirname(os.path.abspath(__file__))
CALLS = os.path.join(HERE, "calls.txt.gz")
CASES = os.path.join(HERE, "cases.txt")
TRUTH = os.path.join(HERE, "truth.json.gz")
MACRO = re.compile(r"(?<![\w.\"'])([XILB])\(([\d, ]*)\)")
DTYPES = {"X": "float32", "I": "int32", "L": "int64", "B": "bool"}


def _sizes(text: str, first: str | None) -> str:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if first is not None and parts:
        parts[0] = first
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"


def written(line: str, way: str) -> str:
    """The line with tensors of one kind."""

    def one(found: re.Match[str]) -> str:
        dtype = DTYPES[found[1]]
        if way == "data":
            return f"np.ones({_sizes(found[2], None)}, {dtype!r})"
        return f"keras.KerasTensor({_sizes(found[2], 'None' if way == 'open' else None)}, {dtype!r})"

    return "keras.ops." + MACRO.sub(one, line)


def expand(line: str) -> Iterator[str]:
    """Every line that it stands for."""
    start = line.find("{")
    if start < 0:
        yield line
        return
    depth = 0
    parts, begin, end = [], start + 1, start
    for at in range(start, len(line)):
        letter = line[at]
        depth += (letter in "{[(") - (letter in "}])")
        if letter == "|" and depth == 1:
            parts.append(line[begin:at])
            begin = at + 1
        if depth == 0:
            parts.append(line[begin:at])
            end = at + 1
            break
    for part in parts:
        yield from expand(line[:start] + part + line[end:])


def families() -> dict[str, list[str]]:
    """Every line, by where it comes from and what it is called on."""
    found: dict[str, list[str]] = {"tests-data": [], "tests-symbolic": [], "ours-data": [], "ours-symbolic": []}
    with gzip.open(CALLS, "rt") as calls:
        for line in calls:
            text = line.rstrip("\n")
            found["tests-symbolic" if "KerasTensor(" in text else "tests-data"].append(text)
    with open(CASES, encoding="utf-8") as cases:
        for line in cases:
            if line.strip() and not line.startswith("#"):
                for made in expand(line.rstrip("\n")):
                    found["ours-data"].append(written(made, "data"))
                    if MACRO.search(made):
                        found["ours-symbolic"].append(written(made, "static"))
                        found["ours-symbolic"].append(written(made, "open"))
    return {name: list(dict.fromkeys(lines)) for name, lines in found.items()}
