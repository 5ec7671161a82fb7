"""Tables, metrics of classes and filters: how their arguments are usually meant."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.proposals.common import assigned

if TYPE_CHECKING:
    from foreshape.fixes.bench import Bench

RATES: Final = ("fs", "sr", "sfreq", "rate", "sample_rate", "sampling_rate", "SR", "FS", "SAMPLE_RATE", "SAMPLING_RATE")


def _meant(bench: Bench, said: str) -> Iterator[Candidate]:
    """Sizes and arrays that belong into one list, dates that are text still, the array of a column."""
    node, path = bench.node, bench.path
    if isinstance(node, ast.Call) and len(node.args) >= 2 and not node.keywords:
        inside = ", ".join(bench.text(path, each) for each in node.args)
        for mark, (left, right) in (("only integer scalar arrays", "[]"), ("Cannot interpret", "()")):
            if said.startswith(mark):
                new = f"{bench.text(path, node.func)}({left}{inside}{right})"
                yield Candidate(new, [bench.replace(path, node, new)], UNSAFE, -1)
    pandas = bench.module(path, "pandas")
    held = node.func if isinstance(node, ast.Call) else node
    if not isinstance(held, ast.Attribute):
        return
    text = bench.text(path, held.value)
    if said.startswith("Can only use .dt accessor") and pandas is not None:
        new = f"{pandas}.to_datetime({text})"
        yield Candidate(new, [bench.replace(path, held.value, new)], UNSAFE, -1)
    elif said == "'Series' object has no attribute 'reshape'":
        yield Candidate(f"{text}.values", [bench.after(path, held.value, ".values")], UNSAFE, -1)
    elif said.startswith("Only valid with DatetimeIndex"):
        frame = getattr(bench.told.value(), "fields", {}).get("~frame")
        for one in getattr(frame, "columns", ()):
            if str(one.dtype).startswith("datetime") and isinstance(one.name, str):
                new = f'{text}.set_index("{one.name}")'
                yield Candidate(new, [bench.replace(path, held.value, new)], UNSAFE, -1)


def _keys(bench: Bench) -> Iterator[Candidate]:
    """Dates that one side of a merge holds as text."""
    pandas, node = bench.module(bench.path, "pandas"), bench.node
    got: tuple[str, ...] = getattr(bench.fault, "got", ())
    if (
        pandas is None
        or not isinstance(node, ast.Call)
        or len(got) != 2
        or {each[:3] for each in got} != {"str", "dat"}
    ):
        return
    sides = [*node.args]
    if isinstance(node.func, ast.Attribute) and bench.text(bench.path, node.func.value) != pandas:
        sides = [node.func.value, *sides]
    side = sides[0 if got[0] == "str" else 1] if len(sides) > 1 else None
    key = getattr(bench.fault, "wanted", "")
    if isinstance(side, ast.Name):
        new = f'{side.id}.assign({key}={pandas}.to_datetime({side.id}["{key}"]))'
        yield Candidate(new, [bench.replace(bench.path, side, new)], UNSAFE, -1)


def propose(bench: Bench) -> Iterator[Candidate]:
    raises, node = bench.fault.raises, bench.node
    argument = getattr(bench.fault, "argument", "")
    if raises is None:
        return
    if bench.fault.name in ("python-error", "missing-attribute") or raises.message.startswith("Cannot interpret"):
        yield from _meant(bench, raises.message)
        return
    positions = raises.exception == "InvalidIndexError" or getattr(bench.fault, "dated", False)
    if positions and isinstance(node, ast.Subscript):
        text, inside = bench.text(bench.path, node.value), bench.text(bench.path, node.slice)
        yield Candidate(f"{text}.iloc[{inside}]", [bench.after(bench.path, node.value, ".iloc")], UNSAFE, -1)
    elif bench.fault.name == "dtype-mismatch" and getattr(bench.fault, "taker", "") == "merge":
        yield from _keys(bench)
    elif bench.fault.name == "value-conversion" and getattr(bench.fault, "value", "") == "NaN":
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            text = bench.text(bench.path, node.func.value)
            yield Candidate(f"{text}.fillna(0)", [bench.after(bench.path, node.func.value, ".fillna(0)")], UNSAFE, -1)
    elif getattr(bench.fault, "given", "") in ("csr_matrix", "csc_matrix", "coo_matrix", "csr_array"):
        for each in bench.expressions(bench.told.value()):
            yield Candidate(
                f"{bench.text(bench.path, each)}.toarray()", [bench.part(bench.path, each, ".toarray()")], UNSAFE, -1
            )
    elif argument == "average" and isinstance(node, ast.Call):
        yield Candidate('average="macro"', [bench.set_keyword(bench.path, node, "average", '"macro"')], UNSAFE, -1)
    elif argument == "Wn" and isinstance(node, ast.Call) and bench.keyword(node, "fs") is None:
        for name in RATES:
            if any(True for _ in assigned(bench, name)):
                yield Candidate(f"fs={name}", [bench.set_keyword(bench.path, node, "fs", name)], UNSAFE, -1)
