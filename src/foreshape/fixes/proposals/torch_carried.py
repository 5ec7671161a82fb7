"""States that one step hands to the next: cut off from what was recorded for the gradients of the step before.

``loss.backward()`` frees the record; the next step goes back into it through the state. Keeping the record
(``retain_graph=True``) helps only where no optimizer has changed the parameters in between.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.proposals.common import class_of, shown
from foreshape.fixes.proposals.torch_places import calls_named, scope_of

if TYPE_CHECKING:
    from foreshape.fixes.bench import Bench


def carried(bench: Bench) -> Iterator[Candidate]:
    """``h = h.detach()`` behind the call that gives a new ``h`` and takes the old one, or before it."""
    loops = [each for each in bench.above(bench.path, bench.node) if isinstance(each, (ast.For, ast.While))]
    near = {id(each) for loop in loops[:1] for each in ast.walk(loop)}
    for statement in bench.walk(bench.path):
        if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Call):
            continue
        names = _handed_on(bench, statement)
        likely = -2 if id(statement) in near else -1
        for number, text in enumerate(_cut(names)):
            for later, line in enumerate(
                (bench.line_after(bench.path, statement, text), bench.line_before(bench.path, statement, text))
            ):
                if line is not None:
                    yield Candidate(text, [line], UNSAFE, likely + number + 2 * later)


def cut_off(bench: Bench) -> Iterator[Candidate]:
    """``D(fake)`` in the loss of another model, which is not to train what made ``fake``: ``D(fake.detach())``."""
    names = {value.origin.name for value in bench.fault.values if value.origin is not None and value.origin.name}
    failing = getattr(bench.node, "lineno", 0)
    before = [each.lineno for each in calls_named(bench, "backward") if each.lineno < failing]
    end = max(before, default=0)  # in a loss that went back before: the failing one is to train it
    for call in bench.walk(bench.path):
        if not isinstance(call, ast.Call) or call.lineno >= end or isinstance(call.func, ast.Attribute):
            continue
        for given in call.args:
            if isinstance(given, ast.Name) and given.id in names:
                one = bench.after(bench.path, given, ".detach()")
                yield Candidate(shown(bench, bench.path, given, one), [one], UNSAFE, -1)


def kept(bench: Bench) -> Iterator[Candidate]:
    """The record kept, where nothing changes the parameters before it is used again."""
    node = bench.node
    if not isinstance(node, ast.Call) or class_of(node) != "backward":
        return
    scope = scope_of(bench, node)
    if scope is not None and any(isinstance(each, ast.Call) and class_of(each) == "step" for each in ast.walk(scope)):
        return
    one = bench.set_keyword(bench.path, node, "retain_graph", "True")
    yield Candidate("backward(retain_graph=True)", [one], UNSAFE, 2)


def _handed_on(bench: Bench, statement: ast.Assign) -> list[str]:
    """The names and fields that a statement both gives to the call and stores."""
    given = {
        bench.text(bench.path, each)
        for argument in [*statement.value.args, *(k.value for k in statement.value.keywords)]  # type: ignore[attr-defined]
        for each in ast.walk(argument)
        if isinstance(each, (ast.Name, ast.Attribute))
    }
    found: dict[str, None] = {}
    for target in statement.targets:
        for each in ast.walk(target):
            if isinstance(each, (ast.Name, ast.Attribute)) and isinstance(each.ctx, ast.Store):
                text = bench.text(bench.path, each)
                if text in given:
                    found[text] = None
    return list(found)


def _cut(names: list[str]) -> Iterator[str]:
    if len(names) == 1:
        yield f"{names[0]} = {names[0]}.detach()"
        yield f"{names[0]} = tuple(each.detach() for each in {names[0]})"
    elif names:
        yield f"{', '.join(names)} = {', '.join(f'{name}.detach()' for name in names)}"
