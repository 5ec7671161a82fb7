"""The tools of the trace: what the instrumented program reports, and how a claim is judged."""

from __future__ import annotations

import os
import sys
from typing import Any

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

from tests.conformance.trace.compare import judge  # noqa: E402
from tests.conformance.trace.generate import Seeded, stack  # noqa: E402
from tests.conformance.trace.instrument import HOOK, instrument  # noqa: E402
from tests.conformance.trace.record import programs, truth_path  # noqa: E402
from tests.conformance.trace.runner import TARGETS  # noqa: E402

PROGRAM = """\
from __future__ import annotations
a = b = 1
(c, [d, *e]) = (
    2, [3, 4, 5])
a += 1
f: int = 6
for g, h in [(7, 8)]:
    pass
class K:
    i = 9
    def __init__(self):
        self.j = 10
k = K()
while (n := a - 2):
    break
with open(__import__("os").devnull) as m:
    pass
print((y := 3) + 1)
"""


def _reported(source: str) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []

    def hook(line: int, name: str, value: Any) -> Any:
        found.append((line, name))
        return value

    exec(compile(instrument(source, "p.py"), "p.py", "exec"), {HOOK: hook, "__name__": "p", "print": lambda *_: None})
    return found


def test_every_assignment_reports_the_line_of_its_name() -> None:
    assert _reported(PROGRAM) == [
        (2, "a"), (2, "b"), (3, "c"), (3, "d"), (3, "e"), (5, "a"), (6, "f"), (7, "g"), (7, "h"), (10, "i"),
        (12, "self.j"), (13, "k"), (14, "n"), (16, "m"), (18, "y"),
    ]  # fmt: skip


def test_a_traceback_keeps_its_line() -> None:
    source = "a = 1\nb = (2,\n     3)\nc = a + 'x'\n"
    with pytest.raises(TypeError) as caught:
        exec(compile(instrument(source, "p.py"), "p.py", "exec"), {HOOK: lambda line, name, value: value})
    assert caught.traceback[-1].lineno + 1 == 4


def _real(*seen: tuple[list[Any], str], kind: str = "numpy") -> dict[str, Any]:
    return {"line": 1, "name": "x", "kind": kind, "seen": [list(s) for s in seen]}


def _ours(shape: Any, dtype: str | None = None, *alternatives: Any) -> list[dict[str, Any]]:
    return [
        {"line": 1, "name": "x", "shape": shape, "dtype": dtype, "alternatives": list(alternatives), "reason": None}
    ]


@pytest.mark.parametrize(
    ("real", "said", "state"),
    [
        (_real(([90, 10], "float64")), _ours([90, 10], "float64"), "same"),
        (_real(([90, 10], "float64")), _ours([90, 10], "float32"), "wrong"),
        (_real(([90, 10], "float64")), _ours([91, 10]), "wrong"),
        (_real(([90, 10], "float64")), _ours([90]), "wrong"),
        (_real(([90, 10], "float64")), _ours(["n - 10", 10]), "symbolic"),
        (_real(([90, 10], "float64")), _ours([None, 10]), "partial"),
        (_real(([90, 10], "float64")), _ours(None), "unknown"),
        (_real(([90, 10], "float64")), [], "unknown"),
        (_real(([32, 10], "float64"), ([26, 10], "float64")), _ours(["b", 10], "float64"), "same"),
        (_real(([32, 10], "float64"), ([26, 10], "float64")), _ours([32, 10], "float64", [26, 10]), "same"),
        (_real(([32, 10], "float64"), ([26, 10], "float64")), _ours([32, 10], "float64"), "wrong"),
        (_real(([32, 10], "float64")), _ours([32, 10], "float64", [4, 4]), "symbolic"),
        (_real((["batch", None, 4], "float32"), kind="keras"), _ours(["batch", "T", 4], "float32"), "same"),
        (_real((["batch", 7, 4], "float32"), kind="keras"), _ours([32, 7, 4], "float32"), "wrong"),
        (_real(([], "int64")), _ours([], "int64"), "same"),
        (_real(([3], "str")), _ours([3], "<U5"), "same"),
    ],
)  # fmt: skip
def test_a_claim_is_judged(real: dict[str, Any], said: list[dict[str, Any]], state: str) -> None:
    assert judge(real, said).state == state


def test_every_program_has_its_truth() -> None:
    missing = [name for name in programs() if not any(os.path.exists(truth_path(name, target)) for target in TARGETS)]
    assert missing == []


def test_a_seed_always_gives_the_same_program() -> None:
    assert stack(Seeded(4)) == stack(Seeded(4)) != stack(Seeded(5))
