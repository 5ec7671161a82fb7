"""The calls that PyTorch is asked and that we are asked, written out from short lines.

``{a|b}`` stands for either, also inside one another. ``T(2,3)`` is a float32 tensor of that shape with values in [0, 1), ``D``
float64, ``H`` float16, ``I`` zeros of int64, ``J`` of int32, ``S`` of int16, ``U`` of uint8, ``B`` of bool. ``K(v;2,3)`` is
int64 filled with v. A line that begins with ``NAME :=`` names a text that later lines use as ``$NAME``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = os.path.join(HERE, "cases")
MACROS = {
    "T": "torch.rand({0})", "D": "torch.rand({0}, dtype=torch.float64)", "H": "torch.rand({0}, dtype=torch.float16)",
    "I": "torch.zeros({0}, dtype=torch.int64)", "J": "torch.zeros({0}, dtype=torch.int32)",
    "S": "torch.zeros({0}, dtype=torch.int16)", "U": "torch.zeros({0}, dtype=torch.uint8)",
    "B": "torch.zeros({0}, dtype=torch.bool)",
}  # fmt: skip
MACRO = re.compile(r"(?<![\w.\"'])([TDHIJSUB])\(([\d, ]*)\)")
FILLED = re.compile(r"(?<![\w.\"'])K\((-?\d+);([\d, ]*)\)")
NAMED = re.compile(r"\$(\w+)")
CHOICE = re.compile(r"\{([^{}]*\|[^{}]*)\}")


def _sizes(text: str) -> str:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    return "()" if not parts else ", ".join(parts)


def _tuple(text: str) -> str:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"


def plain(line: str) -> str:
    """The line without the short names."""
    line = MACRO.sub(lambda found: MACROS[found[1]].format(_sizes(found[2])), line)
    return FILLED.sub(lambda found: f"torch.full({_tuple(found[2])}, {found[1]})", line)


def expand(line: str) -> Iterator[str]:
    """Every line that it stands for: the innermost choice first."""
    found = CHOICE.search(line)
    if found is None:
        yield plain(line)
        return
    for part in found[1].split("|"):
        yield from expand(line[: found.start()] + part + line[found.end() :])


def family(name: str) -> list[str]:
    """The calls of one file, each once."""
    names: dict[str, str] = {}
    made: dict[str, None] = {}
    with open(os.path.join(CASES, name + ".txt"), encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            if not line.strip() or line.startswith("#"):
                continue
            line = NAMED.sub(lambda found: names[found[1]], line)
            key, separator, text = line.partition(" := ")
            if separator:
                names[key.strip()] = text
            else:
                made.update(dict.fromkeys(expand(line)))
    return list(made)


def families() -> list[str]:
    """The names of the files."""
    return sorted(name[:-4] for name in os.listdir(CASES) if name.endswith(".txt"))
