"""Samples of unequal size in a ``DataLoader``: a ``collate_fn`` that pads the parts whose length differs.

The parts are read off what ``__getitem__`` of the file returns: a dict with fixed keys, or a tuple.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.proposals.common import bound_to
from foreshape.fixes.proposals.torch_places import calls_named

if TYPE_CHECKING:
    from foreshape.fixes.bench import Bench

MOST_PARTS: Final = 4


def padded(bench: Bench) -> Iterator[Candidate]:
    """One function per choice of the parts that are padded, a single one first."""
    torch = bench.module(bench.path, "torch")
    if torch is None:
        return
    pad = bench.module(bench.path, "torch.nn.utils.rnn.pad_sequence") or f"{torch}.nn.utils.rnn.pad_sequence"
    whole = bench.module(bench.path, "torch.utils.data.default_collate") or f"{torch}.utils.data.default_collate"
    name = _free(bench)
    for call in calls_named(bench, "DataLoader"):
        statement = _outermost(bench, call)
        if bench.keyword(call, "collate_fn") is not None or statement is None:
            continue
        for parts, named in samples(bench):
            for chosen in [*((part,) for part in parts), tuple(parts)]:
                made = []
                for part in parts:
                    column = f"[sample[{part}] for sample in batch]"
                    made.append(f"{pad}({column}, batch_first=True)" if part in chosen else f"{whole}({column})")
                lines = [f"{part}: {each}," for part, each in zip(parts, made, strict=True)] if named else made
                body = "".join(f"        {line if named else f'{line},'}\n" for line in lines)
                ends = "{}" if named else "()"
                text = f"def {name}(batch):\n    return {ends[0]}\n{body}    {ends[1]}\n\n"
                line = bench.line_before(bench.path, statement, text)
                if line is None:
                    continue
                one = bench.set_keyword(bench.path, call, "collate_fn", name)
                which = f"sample[{chosen[0]}]" if len(chosen) == 1 else "all parts"
                yield Candidate(f"collate_fn={name}, which pads {which}", [line, one], UNSAFE, 1)


def samples(bench: Bench) -> Iterator[tuple[list[str], bool]]:
    """What samples are made of: the texts of keys or positions, and whether they are keys."""
    for each in bench.walk(bench.path):
        if not isinstance(each, ast.FunctionDef) or each.name != "__getitem__":
            continue
        for inner in ast.walk(each):
            given = inner.value if isinstance(inner, ast.Return) else None
            if isinstance(given, ast.Dict) and all(isinstance(key, ast.Constant) for key in given.keys):
                keys = [bench.text(bench.path, key) for key in given.keys if key is not None]
                if 1 <= len(keys) <= MOST_PARTS:
                    yield keys, True
            if isinstance(given, ast.Name):  # what a transform makes of a tuple is one as long
                given = next((held for held in bound_to(each, given.id) if isinstance(held, ast.Tuple)), given)
            if isinstance(given, ast.Tuple) and 2 <= len(given.elts) <= MOST_PARTS:
                yield [str(number) for number in range(len(given.elts))], False


def _outermost(bench: Bench, call: ast.Call) -> ast.stmt | None:
    """The statement at the level of the file: a function there can be seen from everywhere."""
    found: ast.stmt | None = None
    for each in bench.above(bench.path, call):
        if isinstance(each, ast.stmt):
            found = each
    return found


def _free(bench: Bench) -> str:
    taken = {each.id for each in bench.walk(bench.path) if isinstance(each, ast.Name)}
    taken |= {each.name for each in bench.walk(bench.path) if isinstance(each, ast.FunctionDef)}
    return next(
        name for name in ("collate", "collate_padded", "pad_samples", "pad_batch_of_samples") if name not in taken
    )
