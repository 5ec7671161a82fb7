"""What a test says of the names in it: inside ``if x is None:``, x is None."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from foreshape.domain.truth import Truth
from foreshape.domain.values import Choice, Const, Instance, LibraryRef, Sequence, Unknown, Value
from foreshape.interpret.contradictions import WAS

if TYPE_CHECKING:
    from collections.abc import Callable

    from foreshape.interpret.expressions import Expressions


def narrow(core: Expressions, test: ast.expr, holds: bool) -> None:
    """Bind the names of a test that came out true (or false) to what they can still be."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        narrow(core, test.operand, not holds)
    elif isinstance(test, ast.BoolOp):
        if isinstance(test.op, ast.And) == holds:
            for part in test.values:
                narrow(core, part, holds)
    elif isinstance(test, ast.NamedExpr):
        narrow(core, test.target, holds)
    elif isinstance(test, (ast.Name, ast.Attribute)):
        _keep(core, test, lambda value: _agrees(core.truth(value), holds))
    elif isinstance(test, ast.Compare) and len(test.ops) == 1:
        _compare(core, test, holds)
    elif isinstance(test, ast.Call) and isinstance(test.func, ast.Name) and test.func.id == "isinstance":
        _isinstance(core, test, holds)


def _compare(core: Expressions, test: ast.Compare, holds: bool) -> None:
    op, right = test.ops[0], test.comparators[0]
    positive = holds == isinstance(op, (ast.Is, ast.Eq))
    if not isinstance(op, (ast.Is, ast.IsNot, ast.Eq, ast.NotEq)) or not isinstance(right, ast.Constant):
        return
    if right.value is None and positive and isinstance(_held(core, test.left), Unknown):
        _bind(core, test.left, Const(None))
        return
    wanted = Const(right.value)
    word = "is" if right.value is None else "=="
    _keep(core, test.left, lambda value: _agrees(core.truth(core.compare(word, value, wanted)), positive))


def _isinstance(core: Expressions, test: ast.Call, holds: bool) -> None:
    if len(test.args) != 2:
        return
    with core.quiet():
        types = core.eval(test.args[1])
    listed = types.contents.items(16) if isinstance(types, Sequence) else (types,)
    names = [one.name for one in listed or () if isinstance(one, LibraryRef)]
    if listed is None or len(names) != len(listed):
        return

    def fits(value: Value) -> bool:
        answers = [core.is_instance(value, name) for name in names]
        if None in answers:
            return True
        return (True in answers) == holds

    _keep(core, test.args[0], fits)


def _agrees(truth: Truth, holds: bool) -> bool:
    return not (truth.is_no if holds else truth.is_yes)


def _keep(core: Expressions, target: ast.expr, fits: Callable[[Value], bool]) -> None:
    """Drop the options of a choice that the test rules out."""
    value = _held(core, target)
    if not isinstance(value, Choice):
        return
    with core.quiet():
        kept = tuple(option for option in value.options if fits(option[1]))
    if not kept or len(kept) == len(value.options):
        return
    _bind(core, target, kept[0][1] if len(kept) == 1 else Choice(kept, value.origin))


def _held(core: Expressions, target: ast.expr) -> Value | None:
    if isinstance(target, ast.Name):
        return core.lookup(target.id)
    if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
        owner = core.lookup(target.value.id)
        if isinstance(owner, Instance):
            found = owner.fields.get(target.attr)
            return found if isinstance(found, Value) else None
    return None


def _bind(core: Expressions, target: ast.expr, value: Value) -> None:
    if isinstance(value, Const):
        value = Const(value.value, value.origin)  # of its own: the same constant may stand elsewhere
    if isinstance(target, ast.Name):
        scope = core.scope()
        if target.id in scope.fields:
            core.process.setdefault(WAS, {})[id(value)] = (value, scope.fields[target.id])
            core.trail.set(scope.fields, target.id, value)
    elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
        owner = core.lookup(target.value.id)
        if isinstance(owner, Instance):
            core.frames[-1].narrowed.append((owner, target.attr, owner.fields.get(target.attr), value))
            core.set(owner, target.attr, value)
