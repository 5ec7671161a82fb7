"""The calls that TensorFlow is asked and that we are asked, written out from short lines.

``{a|b}`` stands for either; ``F(2,3)`` for a float32 tensor of that shape, ``I`` int32, ``D`` float64, ``B`` bool,
``N`` a NumPy
array, ``EYE(n)`` the identity; ``PIPE`` is the operator. A line that begins with ``graph`` is run while a graph is
traced.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = os.path.join(HERE, "cases")
MACROS = {
    "F": "tf.ones(({0}))", "I": "tf.zeros(({0}), tf.int32)", "D": "tf.ones(({0}), tf.float64)",
    "B": "tf.ones(({0}), tf.bool)", "N": "np.ones(({0}))", "R": "tf.data.Dataset.range({0})",
}  # fmt: skip
MACRO = re.compile(r"(?<![\w.\"'])([FIDBNR])\(([\d, ]*)\)")


def _sizes(text: str) -> str:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    return "" if not parts else parts[0] + "," if len(parts) == 1 else ", ".join(parts)


def plain(line: str) -> str:
    """The line without the short names."""
    line = MACRO.sub(lambda found: MACROS[found[1]].format(found[2] if found[1] == "R" else _sizes(found[2])), line)
    line = re.sub(r"\bD\.", "tf.data.Dataset.", line)
    return re.sub(r"\bEYE\(", "tf.eye(", line).replace("PIPE", "|")


def _choice(line: str) -> tuple[int, int, list[str]] | None:
    """The first innermost-complete ``{a|b}``: where it is, and its alternatives."""
    for start, letter in enumerate(line):
        if letter != "{":
            continue
        depth, parts, begin = 0, [], start + 1
        for position in range(start, len(line)):
            if line[position] in "{[(":
                depth += 1
            elif line[position] in "}])":
                depth -= 1
                if depth == 0:
                    parts.append(line[begin:position])
                    if len(parts) > 1:
                        return start, position + 1, parts
                    break
            elif line[position] == "|" and depth == 1:
                parts.append(line[begin:position])
                begin = position + 1
    return None


def expand(line: str) -> Iterator[str]:
    """Every line that it stands for."""
    found = _choice(line)
    if found is None:
        yield plain(line)
        return
    start, end, parts = found
    for part in parts:
        yield from expand(line[:start] + part + line[end:])


def family(name: str) -> list[str]:
    """The calls of one file, each once."""
    with open(os.path.join(CASES, name + ".txt"), encoding="utf-8") as file:
        lines = [line.rstrip("\n") for line in file if line.strip() and not line.startswith("#")]
    return list(dict.fromkeys(made for line in lines for made in expand(line)))


def families() -> list[str]:
    """The names of the files."""
    return sorted(name[:-4] for name in os.listdir(CASES) if name.endswith(".txt"))
