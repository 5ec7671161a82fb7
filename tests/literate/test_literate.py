"""Programs in Markdown, with what is expected of them in their comments.

`reveal_shape(x)  # shape: (32, 10, 8) float32` states the shape (and the dtype) of an expression, `# unknown` that nothing is
known of it. `# error: rank-mismatch`, `# conditional: ...` and `# silent: ...` state a fault at their line, `# caught: ...` one that the
program catches itself. Every other line must be free of faults. A block whose fence says `keras=2` is for that target.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from foreshape.domain.dim import show
from foreshape.domain.values import Array, Choice, Value
from foreshape.interpret.analyze import Analysis, analyze_file
from foreshape.source.files import source_from_bytes
from foreshape.source.targets import Targets, parse_targets

HERE = Path(__file__).parent
FENCE = re.compile(r"^```python *([^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
REVEAL = re.compile(r"^(\s*)reveal_shape\((.*)\)  # (.*)$")
FAULT = re.compile(r"# (error|conditional|silent|caught): ([a-z-]+)")


def programs() -> list[tuple[str, str, str]]:
    found = []
    for path in sorted(HERE.glob("*.md")):
        for number, block in enumerate(FENCE.finditer(path.read_text()), 1):
            found.append((f"{path.stem}-{number}", block[1].strip(), block[2]))
    return found


def shape_text(value: Value) -> str:
    if isinstance(value, Choice):
        return " | ".join(sorted(shape_text(option) for option in value.values))
    if not isinstance(value, Array):
        return "unknown"
    if value.shape is None:
        return f"shape: ? {value.dtype or '?'}"
    dims = ", ".join(show(dim) for dim in value.shape)
    comma = "," if len(value.shape) == 1 else ""
    return f"shape: ({dims}{comma}) {value.dtype or '?'}"


def analyse(text: str, target: str) -> tuple[Analysis, dict[int, str]]:
    lines, expected = [], {}
    for number, line in enumerate(text.split("\n"), 1):
        match = REVEAL.match(line)
        if match:
            expected[number] = match[3].strip()
            line = f"{match[1]}revealed_{number} = ({match[2]})"
        lines.append(line)
    source = source_from_bytes("program.py", "\n".join(lines).encode())
    assert source.tree is not None, source.reason
    return analyze_file(source, Targets(parse_targets(target.split()))), expected


@pytest.mark.parametrize(("name", "target", "text"), programs(), ids=lambda value: value if "-" in str(value) else "")
def test_program(name: str, target: str, text: str) -> None:
    analysis, expected = analyse(text, target)
    seen = {
        assigned.line: assigned.values[-1] for assigned in analysis.assigned if assigned.name.startswith("revealed_")
    }
    shapes = {number: shape_text(seen[number]) if number in seen else "not reached" for number in expected}
    for number, said in expected.items():
        if said.startswith("shape:") and said.endswith(")"):
            shapes[number] = shapes[number].rpartition(" ")[0]
    assert shapes == expected
    marks = {(n, m[1], m[2]) for n, line in enumerate(text.split("\n"), 1) for m in FAULT.finditer(line)}
    found = {
        (finding.stack[-1][1], "caught" if finding.caught else finding.severity, finding.fault.name)
        for finding in analysis.findings
    }
    assert found == marks
