"""A name that a library has moved: the import or the expression with the name that it has now."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from foreshape.fixes.candidate import SAFE, UNSAFE, Candidate

if TYPE_CHECKING:
    from foreshape.fixes.bench import Bench


def propose(bench: Bench) -> Iterator[Candidate]:
    wanted: str = bench.fault.wanted  # type: ignore[attr-defined]
    now: str = bench.fault.now  # type: ignore[attr-defined]
    node = bench.node
    if not now:
        return
    moved = now.rpartition(".")[2] == wanted.rpartition(".")[2] or isinstance(node, (ast.Import, ast.ImportFrom))
    grade = SAFE if moved and ".compat.v1." not in now else UNSAFE
    if isinstance(node, ast.ImportFrom):
        text = _from_import(node, wanted, now)
    elif isinstance(node, ast.Import):
        text = _import(node, wanted, now)
    else:
        attribute = node.func if isinstance(node, ast.Call) else node
        if isinstance(attribute, ast.Attribute):
            spelled = _spelled(bench, attribute, wanted, now)
            if spelled:
                yield Candidate(spelled, [bench.replace(bench.path, attribute, spelled)], grade, 0)
        return
    if text:
        yield Candidate(text.partition("\n")[0], [bench.replace(bench.path, node, text)], grade, 0)


def _alias(name: str, called: str) -> str:
    return name if name == called else f"{name} as {called}"


def _from_import(node: ast.ImportFrom, wanted: str, now: str) -> str:
    """``from M import a, b``: from where M is now, or ``a`` from elsewhere and ``b`` as before."""
    module = node.module or ""
    names = [(each.name, each.asname or each.name) for each in node.names]
    if module == wanted or module.startswith(wanted + "."):
        return f"from {now} import {', '.join(_alias(*each) for each in names)}"
    lines = []
    rest = [each for each in names if f"{module}.{each[0]}" != wanted]
    if rest:
        lines.append(f"from {module} import {', '.join(_alias(*each) for each in rest)}")
    holder, _, name = now.rpartition(".")
    for each, called in names:
        if f"{module}.{each}" == wanted:
            lines.insert(0, f"from {holder} import {_alias(name, called)}")
    return ("\n" + " " * node.col_offset).join(lines)


def _import(node: ast.Import, wanted: str, now: str) -> str:
    """``import M as m`` from where M is now. Without a name of its own, its uses would have to change, too."""
    if len(node.names) != 1 or node.names[0].asname is None or node.names[0].name != wanted:
        return ""
    return f"import {now} as {node.names[0].asname}"


def _spelled(bench: Bench, node: ast.Attribute, wanted: str, now: str) -> str:
    """The new name as the file can write it: below what it begins with, or a module that the file imports."""
    if "." not in now or now.startswith("builtins."):
        name = now.rpartition(".")[2]
        return f"{bench.text(bench.path, node.value)}.{name}" if "." not in now else name
    first: ast.expr = node
    parts = 0
    while isinstance(first, ast.Attribute):
        first, parts = first.value, parts + 1
    stands_for = ".".join(wanted.split(".")[:-parts])
    if isinstance(first, ast.Name) and now.startswith(stands_for + "."):
        return first.id + now[len(stands_for) :]
    for count in range(now.count("."), 0, -1):
        module = ".".join(now.split(".")[:count])
        name_of = bench.module(bench.path, module)
        if name_of is not None:
            return name_of + now[len(module) :]
    return ""
