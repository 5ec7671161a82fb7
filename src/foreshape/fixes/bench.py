"""What a proposal works with: the finding, where its values come from, and edits by syntax node."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from foreshape.domain.origin import last_name
from foreshape.domain.values import Instance, Value
from foreshape.explain.telling import Telling, is_layer_step
from foreshape.fixes.edits import Splice

if TYPE_CHECKING:
    from foreshape.domain.values import Shape
    from foreshape.explain.chain import Step
    from foreshape.explain.places import Sources
    from foreshape.faults.base import Fault
    from foreshape.interpret.findings import Finding


def _parts_of(node: ast.expr) -> list[ast.expr]:
    """What stands in a list, a tuple or (as a value) in a dict."""
    if isinstance(node, (ast.List, ast.Tuple)):
        return node.elts
    return node.values if isinstance(node, ast.Dict) else [node]


class Bench:
    """One finding, while it is being mended."""

    __slots__ = ("_parents", "fault", "node", "path", "sources", "told")

    def __init__(self, finding: Finding, sources: Sources) -> None:
        self.told = Telling(finding, sources)
        self.fault: Fault = finding.fault
        self.sources = sources
        self.path = self.told.path
        self.node = self.told.node
        self._parents: dict[str, dict[int, ast.AST]] = {}

    # -- the tree ------------------------------------------------------------------------------------------------------
    def tree(self, path: str) -> ast.Module | None:
        return self.sources.file(path).tree

    def walk(self, path: str) -> Iterator[ast.AST]:
        """Every node of a file."""
        tree = self.tree(path)
        return iter(()) if tree is None else ast.walk(tree)

    def parent(self, path: str, node: ast.AST) -> ast.AST | None:
        """The node that a node stands in."""
        known = self._parents.get(path)
        if known is None:
            known = self._parents[path] = {
                id(child): node for node in self.walk(path) for child in ast.iter_child_nodes(node)
            }
        return known.get(id(node))

    def above(self, path: str, node: ast.AST | None) -> Iterator[ast.AST]:
        """The nodes around a node, the innermost first."""
        while node is not None:
            node = self.parent(path, node)
            if node is not None:
                yield node

    def statement(self, path: str, node: ast.AST) -> ast.stmt | None:
        """The statement that a node is a part of."""
        if isinstance(node, ast.stmt):
            return node
        return next((each for each in self.above(path, node) if isinstance(each, ast.stmt)), None)

    def text(self, path: str, node: ast.AST) -> str:
        """The source of a node as it is written."""
        source = self.sources.file(path)
        row, column, end_row, end_column = source.span(node)  # type: ignore[arg-type]
        if row == end_row:
            return source.lines[row - 1][column - 1 : end_column - 1]
        lines = source.lines[row - 1 : end_row]
        return "\n".join([lines[0][column - 1 :], *lines[1:-1], lines[-1][: end_column - 1]])

    # -- edits ---------------------------------------------------------------------------------------------------------
    def replace(self, path: str, node: ast.AST, text: str) -> Splice:
        """Another text in place of a node."""
        return Splice(path, *self.sources.file(path).span(node), text)  # type: ignore[arg-type]

    def after(self, path: str, node: ast.AST, text: str) -> Splice:
        """A text right behind a node."""
        _, _, row, column = self.sources.file(path).span(node)  # type: ignore[arg-type]
        return Splice(path, row, column, row, column, text)

    def before(self, path: str, node: ast.AST, text: str) -> Splice:
        """A text right before a node."""
        row, column, _, _ = self.sources.file(path).span(node)  # type: ignore[arg-type]
        return Splice(path, row, column, row, column, text)

    def part(self, path: str, node: ast.expr, text: str) -> Splice:
        """A suffix such as ``[..., None]``, with parentheses around what it would not bind to."""
        if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.List, ast.ListComp)):
            return self.after(path, node, text)
        return self.replace(path, node, f"({self.text(path, node)}){text}")

    def keyword(self, call: ast.Call, name: str) -> ast.keyword | None:
        return next((each for each in call.keywords if each.arg == name), None)

    def argument(self, call: ast.Call, name: str, position: int | None) -> ast.expr | None:
        """An argument by name or position."""
        held = self.keyword(call, name)
        if held is not None:
            return held.value
        if position is not None and position < len(call.args):
            plain = not any(isinstance(each, ast.Starred) for each in call.args[: position + 1])
            return call.args[position] if plain else None
        return None

    def set_keyword(self, path: str, call: ast.Call, name: str, text: str) -> Splice:
        """Give a call a keyword argument, or another value to the one that it has."""
        held = self.keyword(call, name)
        if held is not None:
            return self.replace(path, held.value, text)
        given: list[ast.AST] = [*call.args, *call.keywords]
        if not given:
            _, _, row, column = self.sources.file(path).span(call)
            return Splice(path, row, column - 1, row, column - 1, f"{name}={text}")
        last = max(given, key=lambda each: (each.end_lineno, each.end_col_offset))  # type: ignore[attr-defined]
        return self.after(path, last, f", {name}={text}")

    def drop(self, path: str, nodes: list[ast.expr], number: int) -> Splice | None:
        """Take an element out of a list or a call."""
        source = self.sources.file(path)
        row, column, end_row, end_column = source.span(nodes[number])
        if number + 1 < len(nodes):
            end_row, end_column, _, _ = source.span(nodes[number + 1])
        elif number:
            _, _, row, column = source.span(nodes[number - 1])
        else:
            return None
        return Splice(path, row, column, end_row, end_column, "")

    def drop_statement(self, path: str, statement: ast.stmt) -> Splice | None:
        """Take a statement out, with its lines, where it stands alone on them."""
        source = self.sources.file(path)
        row, column, end_row, end_column = source.span(statement)
        rest = source.lines[end_row - 1][end_column - 1 :].strip()
        if source.lines[row - 1][: column - 1].strip() or (rest and not rest.startswith("#")):
            return None
        if end_row >= len(source.lines):
            return None
        return Splice(path, row, 1, end_row + 1, 1, "")

    def line_before(self, path: str, statement: ast.stmt, text: str) -> Splice | None:
        """A statement of its own before another one."""
        source = self.sources.file(path)
        row, column, _, _ = source.span(statement)
        indent = source.lines[row - 1][: column - 1]
        return None if indent.strip() else Splice(path, row, 1, row, 1, f"{indent}{text}\n")

    def line_after(self, path: str, statement: ast.stmt, text: str) -> Splice | None:
        """A statement of its own right behind another one."""
        source = self.sources.file(path)
        row, column, end_row, end_column = source.span(statement)
        indent = source.lines[row - 1][: column - 1]
        rest = source.lines[end_row - 1][end_column - 1 :].strip()
        if indent.strip() or (rest and not rest.startswith("#")) or end_row >= len(source.lines):
            return None
        return Splice(path, end_row + 1, 1, end_row + 1, 1, f"{indent}{text}\n")

    def element_before(self, path: str, node: ast.AST, text: str) -> Splice:
        """Another element before an element of a list, on a line of its own where that one has one."""
        source = self.sources.file(path)
        row, column, _, _ = source.span(node)  # type: ignore[arg-type]
        indent = source.lines[row - 1][: column - 1]
        return self.before(path, node, f"{text}, " if indent.strip() else f"{text},\n{indent}")

    # -- layers ----------------------------------------------------------------------------------------------------------
    def constructor(self, layer: Value | None) -> tuple[str, ast.Call] | None:
        """The call that makes a layer."""
        if not isinstance(layer, Instance) or layer.origin is None or not isinstance(layer.origin.node, ast.Call):
            return None
        return layer.origin.path, layer.origin.node

    def layer(self) -> tuple[str, ast.Call] | None:
        """The call that makes the layer that raises: of a cell inside a layer, that of the layer."""
        return next((made for each in self.fault.layers if (made := self.constructor(each)) is not None), None)

    def made_by(self, step: Step) -> tuple[str, ast.Call] | None:
        """The call that makes the layer of a step."""
        if not is_layer_step(step):
            return None
        for given in step.origin.inputs:
            if isinstance(given, Instance) and (given.library_type or "").startswith(("keras.", "torch.nn.")):
                found = self.constructor(given)
                if found is not None:
                    return found
        node = step.origin.node
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Call):
                return step.origin.path, node.func
            if step.origin.what:
                return step.origin.path, node
        return None

    def layers_of(self, value: Value | None) -> list[tuple[Step, str, ast.Call]]:
        """The layers on the way of a value, the last one first."""
        found: list[tuple[Step, str, ast.Call]] = []
        for step in reversed(self.told.steps(value)):
            made = self.made_by(step)
            if made is not None and (not found or found[-1][2] is not made[1]):
                found.append((step, *made))
        return found

    def without_layer(self, path: str, call: ast.Call) -> list[Splice]:
        """The edits that take a layer out of a model; none where that cannot be done in one place."""
        holder = self.parent(path, call)
        one: Splice | None = None
        if isinstance(holder, ast.List):
            one = self.drop(path, holder.elts, holder.elts.index(call))
        elif isinstance(holder, ast.Call) and last_name(holder.func) == "Sequential" and call in holder.args:
            one = self.drop(path, holder.args, holder.args.index(call))
        elif isinstance(holder, ast.Call) and holder.func is call and len(holder.args) == 1:
            one = self.replace(path, holder, self.text(path, holder.args[0]))
        elif isinstance(holder, ast.Call) and isinstance(holder.func, ast.Attribute) and holder.func.attr == "add":
            statement = self.parent(path, holder)
            if isinstance(statement, ast.Expr):
                one = self.drop_statement(path, statement)
        return [] if one is None else [one]

    def with_layer_before(self, path: str, call: ast.Call, name: str, arguments: str) -> list[Splice]:
        """The edits that put another layer of the same library before a layer."""
        spelt = self.spell(path, call, name)
        if spelt is None:
            return []
        new, imports = f"{spelt[0]}({arguments})", spelt[1]
        holder = self.parent(path, call)
        one: Splice | None = None
        if isinstance(holder, ast.Call) and holder.func is call and len(holder.args) == 1:
            inner = holder.args[0]
            one = self.replace(path, inner, f"{new}({self.text(path, inner)})")
        elif isinstance(holder, ast.List):
            one = self.element_before(path, call, new)
        elif isinstance(holder, ast.Call) and isinstance(holder.func, ast.Attribute) and holder.func.attr == "add":
            statement = self.parent(path, holder)
            if isinstance(statement, ast.Expr):
                one = self.line_before(path, statement, f"{self.text(path, holder.func)}({new})")
        return [] if one is None else [one, *imports]

    def spell(self, path: str, like: ast.Call, name: str) -> tuple[str, list[Splice]] | None:
        """How the file spells a class that stands beside another one, and the import that it takes."""
        function = like.func
        if isinstance(function, ast.Attribute):
            return f"{self.text(path, function.value)}.{name}", []
        if not isinstance(function, ast.Name):
            return None
        for node in self.walk(path):
            if isinstance(node, ast.ImportFrom):
                names = [alias.asname or alias.name for alias in node.names]
                everything = names == ["*"] and (node.module or "").endswith("layers")
                if name in names or everything:
                    return name, []
        for node in self.walk(path):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    if alias.name == function.id and alias.asname is None:
                        return name, [self.after(path, alias, f", {name}")]
        return None

    def module(self, path: str, name: str) -> str | None:
        """How the file spells a module that it imports as a whole: "np" for numpy."""
        for node in self.walk(path):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name == name and (alias.asname or "." not in name):
                        return alias.asname or alias.name
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    if f"{node.module}.{alias.name}" == name:
                        return alias.asname or alias.name
        return None

    def keras(self, path: str) -> str | None:
        """How the file spells the module of Keras."""
        found = self.module(path, "keras") or self.module(path, "tensorflow.keras")
        if found is None and (flow := self.module(path, "tensorflow")) is not None:
            found = f"{flow}.keras"
        return found

    def new_axis(self, path: str) -> str:
        """What makes a new axis in an index."""
        numpy = self.module(path, "numpy")
        return f"{numpy}.newaxis" if numpy is not None else "None"

    # -- values ----------------------------------------------------------------------------------------------------------
    def expressions(self, value: Value | None) -> list[ast.expr]:
        """The arguments of the failing call that may be the value: by its name, else all of them."""
        node = self.node
        given: list[ast.expr] = []
        if isinstance(node, ast.expr) and value is not None and value.origin is not None and value.origin.node is node:
            return [node]  # what fails is the value itself: what a generator yields
        if isinstance(node, ast.Call):
            given = [
                *node.args,
                *(each.value for each in node.keywords if each.arg in ("x", "y", "inputs", "feed_dict")),
            ]
        elif isinstance(node, ast.BinOp):
            given = [node.left, node.right]
        if isinstance(node, ast.Call):
            function = node.func
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            if name in ("add", "Sequential", "Model", "compile", "build"):
                return []  # layers are no data
        held = self.keyword(node, "validation_data") if isinstance(node, ast.Call) else None
        if held is not None and isinstance(held.value, (ast.Tuple, ast.List)):
            given += held.value.elts
        given = [inner for each in given for inner in _parts_of(each)]
        name = value.origin.name if value is not None and value.origin is not None else None
        named: list[ast.expr] = [each for each in given if isinstance(each, ast.Name) and each.id == name]
        made = [each for each in given if value is not None and value.origin is not None and value.origin.node is each]
        return made or named or [each for each in given if not isinstance(each, (ast.Constant, ast.Starred))]

    def known(self, shape: Shape | None) -> tuple[int, ...] | None:
        """The sizes behind the batch axis, where all are known."""
        if not shape or not all(isinstance(size, int) for size in shape[1:]):
            return None
        return tuple(size for size in shape[1:] if isinstance(size, int))

    def number(self, path: str, node: ast.expr, wanted: int, now: int | None) -> Splice | None:
        """A size in the code changed: a number is replaced, ``n`` becomes ``n + 1`` where it is near."""
        if isinstance(node, ast.Constant):
            return self.replace(path, node, str(wanted)) if isinstance(node.value, int) else None
        if now is not None and wanted == 2 * now > 4 and isinstance(node, (ast.Name, ast.Attribute)):
            return self.after(path, node, " * 2")  # both directions of what has n units
        if now is None or abs(wanted - now) > 2 or isinstance(node, ast.Starred):
            return self.replace(path, node, str(wanted))
        if isinstance(node, (ast.Name, ast.Attribute, ast.Call, ast.Subscript)):
            return self.after(path, node, f" {'+' if wanted > now else '-'} {abs(wanted - now)}")
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
            extra = node.right.value if isinstance(node.right, ast.Constant) else None
            if isinstance(extra, int):
                sign = 1 if isinstance(node.op, ast.Add) else -1
                total = sign * extra + wanted - now
                left = self.text(path, node.left)
                return self.replace(
                    path, node, left if not total else f"{left} {'+' if total > 0 else '-'} {abs(total)}"
                )
            return self.after(path, node, f" {'+' if wanted > now else '-'} {abs(wanted - now)}")
        return self.replace(path, node, str(wanted))


def sizes_text(sizes: tuple[int, ...]) -> str:
    """A shape as code."""
    return f"({sizes[0]},)" if len(sizes) == 1 else f"({', '.join(map(str, sizes))})"
