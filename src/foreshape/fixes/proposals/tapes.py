"""A ``tf.GradientTape`` that is asked twice."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from foreshape.fixes.candidate import SAFE, Candidate
from foreshape.fixes.proposals.common import class_of

if TYPE_CHECKING:
    from foreshape.fixes.bench import Bench


def propose(bench: Bench) -> Iterator[Candidate]:
    """``persistent=True`` where the tape is made."""
    if bench.fault.state != "spent":  # type: ignore[attr-defined]
        return
    for value in bench.fault.values:
        made = value.origin
        if made is not None and isinstance(made.node, ast.Call) and class_of(made.node) == "GradientTape":
            edit = bench.set_keyword(made.path, made.node, "persistent", "True")
            yield Candidate("persistent=True", [edit], SAFE, 0)
