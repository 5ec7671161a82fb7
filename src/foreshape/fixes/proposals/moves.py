"""A name that a library has moved: the import or the expression with the name that it has now."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from foreshape.fixes.candidate import SAFE, UNSAFE, Candidate
from foreshape.semantics.dropped import DROPPED, library_of
from foreshape.source.versions import Version

if TYPE_CHECKING:
    from foreshape.fixes.bench import Bench
    from foreshape.fixes.edits import Splice


def propose(bench: Bench) -> Iterator[Candidate]:
    wanted: str = bench.fault.wanted  # type: ignore[attr-defined]
    now: str = bench.fault.now  # type: ignore[attr-defined]
    node = bench.node
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from _imports(bench, node)
        return
    attribute = node.func if isinstance(node, ast.Call) else node
    if now and isinstance(attribute, ast.Attribute):
        spelled = _spelled(bench, attribute, wanted, now)
        if spelled:
            same = now.rpartition(".")[2] == wanted.rpartition(".")[2] and ".compat.v1." not in now
            edit = bench.replace(bench.path, attribute, spelled)
            yield Candidate(spelled, [edit], SAFE if same else UNSAFE, 0)


def _imports(bench: Bench, node: ast.stmt) -> Iterator[Candidate]:
    """Every import of the file that the release refuses, together and this one alone."""
    edits = {id(each): _edit(bench, each) for each in bench.walk(bench.path) if isinstance(each, ast.stmt)}
    here = edits.get(id(node))
    if here is None:
        return
    grade = UNSAFE if ".compat.v1." in here.text else SAFE
    together = [each for each in edits.values() if each is not None]
    if len(together) > 1:
        yield Candidate("; ".join(each.text.replace("\n", "; ") for each in together), together, grade, 0)
    yield Candidate(here.text.partition("\n")[0], [here], grade, 1)


def _edit(bench: Bench, node: ast.stmt) -> Splice | None:
    """An import statement with what it asks for where it is now; None where nothing has moved."""
    version = Version.parse(bench.fault.version)  # type: ignore[attr-defined]
    fault_of = library_of(bench.fault.wanted)  # type: ignore[attr-defined]

    def reached(library: str, since: str) -> bool:
        return library == fault_of and version >= Version.parse(since)

    text = ""
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        module = node.module
        gone = DROPPED.first(module, reached)
        if gone is not None:
            text = _from_import(node, module, gone.now) if gone.now else ""
        else:
            found = [DROPPED.find(f"{module}.{each.name}", reached) for each in node.names]
            moved = [each for each in found if each is not None]
            text = _from_import(node, moved[0].name, moved[0].now) if len(moved) == 1 and moved[0].now else ""
    elif isinstance(node, ast.Import):
        gone = DROPPED.first(node.names[0].name, reached)
        text = _import(node, gone.now) if gone is not None and gone.now else ""
    return bench.replace(bench.path, node, text) if text else None


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


def _import(node: ast.Import, now: str) -> str:
    """``import M as m`` from where M is now. Without a name of its own, its uses would have to change, too."""
    if len(node.names) != 1 or node.names[0].asname is None:
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
