"""Small slips in the statements that a fault hangs on: an axis, two sizes the wrong way round, a slice of something else, a
sign, a size that another one was meant for. Each is tried; the analysis says which of them mends the program."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.values import Array
from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.edits import Splice
from foreshape.fixes.proposals.common import class_of, shown
from foreshape.fixes.reaching import Reached, reached

if TYPE_CHECKING:
    from foreshape.fixes.bench import Bench

LIKELY: Final = 5
"""Behind everything that knows more about the fault: they are tried only where that has found nothing."""
MOST: Final = 120
MAKERS: Final = frozenset({
    "zeros", "ones", "empty", "full", "rand", "randn", "random", "normal", "uniform", "randint", "reshape", "Reshape",
    "Input", "InputLayer", "add_weight", "random_normal", "standard_normal", "integers", "random_sample", "permute",
    "transpose",
})  # fmt: skip
RANDOM: Final = frozenset({
    "rand", "randn", "random", "normal", "uniform", "randint", "standard_normal", "integers", "random_sample", "poisson",
})  # fmt: skip
ONE_HOT: Final = frozenset({"eye", "identity", "to_categorical", "one_hot"})
NOT_ALIKE: Final = frozenset({
    "print", "range", "len", "array", "zeros", "ones", "full", "append", "rand", "randn", "randint", "Dense", "Dropout",
    "int", "float", "str", "enumerate", "zip", "arange",
})  # fmt: skip
NO_SIZES: Final = frozenset(
    {"epochs", "batch_size", "verbose", "seed", "random_state", "activation", "dtype", "name", "lr"}
)


def propose(bench: Bench) -> Iterator[Candidate]:
    """The nearest statements first, at most MOST changes."""
    yield from islice(_all(bench, reached(bench)), MOST)


def _all(bench: Bench, statements: list[Reached]) -> Iterator[Candidate]:
    sizes = known_sizes(bench)
    names = _written(bench)
    for each in statements:
        for far, splices in _changes(bench, each, sizes, names):
            if _doubles(bench, splices):
                continue
            node = bench.node if bench.node is not None else each.statement
            title = splices[0].text.strip() or shown(bench, each.path, node, splices[0])
            yield Candidate(title, splices, UNSAFE, LIKELY + each.distance + far)
    yield from _axes_together(bench, statements)
    yield from _everywhere(bench, statements)


def _doubles(bench: Bench, splices: list[Splice]) -> bool:
    """Whether a part of an array would then be the same part as one beside it: labels that are the inputs."""
    if len(splices) != 1:
        return False
    one = splices[0]
    for node in bench.walk(one.path):
        if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Slice) or node.lineno != one.row:
            continue
        row, column, end_row, end_column = bench.sources.file(one.path).span(node)
        if row != end_row or one.end_row != row or not column <= one.column <= one.end_column <= end_column:
            continue
        text = bench.text(one.path, node)
        after = text[: one.column - column] + one.text + text[one.end_column - column :]
        function = next((each for each in bench.above(one.path, node) if isinstance(each, ast.FunctionDef)), None)
        beside = [each for each in ast.walk(function) if isinstance(each, ast.Subscript)] if function else []
        if any(each is not node and bench.text(one.path, each) == after for each in beside):
            return True
    return False


def known_sizes(bench: Bench) -> list[int]:
    """The sizes that the fault is about, in the order of its fields."""
    found: dict[int, None] = {}

    def add(held: Any) -> None:
        if isinstance(held, (bool, str)):
            return
        if isinstance(held, int):
            if held > 0:
                found[held] = None
        elif isinstance(held, (tuple, list)):
            for part in held:
                add(part)

    for name in bench.fault.field_names():
        add(getattr(bench.fault, name, None))
    for value in bench.fault.values:
        if isinstance(value, Array):
            add(value.shape)
    return list(found)


def _written(bench: Bench) -> list[str]:
    """The variables of the failing statement."""
    statement = bench.statement(bench.path, bench.node) if bench.node is not None else None
    found = [node.id for node in ast.walk(statement) if isinstance(node, ast.Name)] if statement is not None else []
    return list(dict.fromkeys(found))


def _changes(bench: Bench, at: Reached, sizes: list[int], names: list[str]) -> Iterator[tuple[int, list[Splice]]]:
    """How far-fetched it is, and the change. A slip in the code is likelier than a size; one in made-up data comes last."""
    path = at.path
    for node in at.expressions():
        if isinstance(node, ast.Call):
            yield from _calls(bench, path, node, names)
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            yield from _subscripts(bench, at, node)
        elif isinstance(node, ast.BinOp):
            for splices in _operators(bench, path, node):
                yield 0, splices
        elif isinstance(node, ast.Compare) and len(node.comparators) == 1:
            right = node.comparators[0]
            if isinstance(right, ast.Call) and getattr(right.func, "id", "") == "len":
                yield 0, [bench.after(path, right, " - 1")]
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            if bench.fault.name in ("embedding-range", "label-range") and bench.text(path, node) == "-1":
                yield 0, [bench.replace(path, node, "0")]
        elif isinstance(node, ast.Constant):
            yield from _constants_changed(bench, path, node, sizes)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            for splices in _named(bench, path, node, sizes):
                yield 1, splices


def _calls(bench: Bench, path: str, node: ast.Call, names: list[str]) -> Iterator[tuple[int, list[Splice]]]:
    """The arguments of a call."""
    for part, text in _other_axes(node):
        yield 0, [bench.replace(path, part, text)]
    for splices in (*_shapes(bench, path, node), *_lengths(bench, path, node, names)):
        yield (2 if class_of(node) in RANDOM else 0), splices
    for splices in _as_beside(bench, path, node):
        yield 1, splices
    if class_of(node) == "batch" and bench.keyword(node, "drop_remainder") is None:
        yield 0, [bench.set_keyword(path, node, "drop_remainder", "True")]


def _constants_changed(
    bench: Bench, path: str, node: ast.Constant, sizes: list[int]
) -> Iterator[tuple[int, list[Splice]]]:
    """A constant for another one."""
    if isinstance(node.value, bool) and isinstance(bench.parent(path, node), ast.keyword):
        yield 1, [bench.replace(path, node, str(not node.value))]
    for far, splices in _numbers(bench, path, node, sizes):
        yield far + (2 if _made_up(bench, path, node) else 0), splices


def _made_up(bench: Bench, path: str, node: ast.AST) -> bool:
    """Whether a number is a size of data that the program invents."""
    for holder in bench.above(path, node):
        if isinstance(holder, ast.stmt):
            return False
        if isinstance(holder, ast.Call) and class_of(holder) in RANDOM:
            return True
    return False


def _other_axes(call: ast.Call) -> Iterator[tuple[ast.expr, str]]:
    """``axis=0`` as another axis; of several axes, one of them."""
    for keyword in call.keywords:
        if keyword.arg not in ("axis", "axes", "dim"):
            continue
        held = keyword.value
        parts = held.elts if isinstance(held, (ast.Tuple, ast.List)) else [held]
        given = [_integer(part) for part in parts]
        for part, number in zip(parts, given, strict=True):
            for other in (1, -1, 0, 2) if number is not None else ():
                if other not in given:
                    yield part, str(other)


def _as_beside(bench: Bench, path: str, call: ast.Call) -> Iterator[list[Splice]]:
    """An argument as another call of the same function has it."""
    name = class_of(call)
    if not name or name in NOT_ALIKE:
        return
    for other in bench.walk(path):
        if not isinstance(other, ast.Call) or other is call or class_of(other) != name:
            continue
        pairs = list(zip(call.args, other.args, strict=False))
        for keyword in call.keywords:
            held = bench.keyword(other, keyword.arg or "")
            if held is not None and keyword.arg not in NO_SIZES:
                pairs.append((keyword.value, held.value))
        for one, two in pairs:
            if isinstance(one, (ast.Constant, ast.Tuple, ast.Call)) and isinstance(
                two, (ast.Constant, ast.Tuple, ast.List)
            ):
                old, new = bench.text(path, one), bench.text(path, two)
                if old != new and not isinstance(getattr(two, "value", None), str):
                    yield [bench.replace(path, one, new)]


def _integer(node: ast.expr) -> int | None:
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError):
        return None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _shapes(bench: Bench, path: str, call: ast.Call) -> Iterator[list[Splice]]:
    """The sizes that an array is made with: two of them the other way round, or one in the place of another."""
    if class_of(call) not in MAKERS:
        return
    for given in [*call.args, *(each.value for each in call.keywords if each.arg in ("shape", "size", "target_shape"))]:
        if isinstance(given, (ast.Tuple, ast.List)) and 2 <= len(given.elts) <= 4:
            yield from _mixed(bench, path, given.elts)
    plain = not any(isinstance(each, (ast.Tuple, ast.List)) for each in call.args)
    if class_of(call) in ("rand", "randn", "reshape") and 2 <= len(call.args) <= 4 and plain:
        yield from _mixed(bench, path, call.args)


def _mixed(bench: Bench, path: str, parts: list[ast.expr]) -> Iterator[list[Splice]]:
    texts = [bench.text(path, part) for part in parts]
    for one in range(len(parts)):
        for two in range(one + 1, len(parts)):
            if texts[one] != texts[two]:
                yield [bench.replace(path, parts[one], texts[two]), bench.replace(path, parts[two], texts[one])]
    for one, part in enumerate(parts):
        for text in dict.fromkeys(texts):
            if text != texts[one] and not isinstance(part, ast.Constant):
                yield [bench.replace(path, part, text)]


def _lengths(bench: Bench, path: str, call: ast.Call, names: list[str]) -> Iterator[list[Splice]]:
    """``len(x)`` as the length of something that stands in the failing statement."""
    if getattr(call.func, "id", "") == "len" and len(call.args) == 1 and isinstance(call.args[0], ast.Name):
        for name in names:
            if name != call.args[0].id and _is_array(bench, path, name, call):
                yield [bench.replace(path, call.args[0], name)]


def _is_array(bench: Bench, path: str, name: str, before: ast.AST) -> bool:
    """Whether something binds the name before this place."""
    return any(
        isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id == name
        and node.lineno < before.lineno  # type: ignore[attr-defined]
        for node in bench.walk(path)
    )  # fmt: skip


def _subscripts(bench: Bench, at: Reached, node: ast.Subscript) -> Iterator[tuple[int, list[Splice]]]:
    """``input_shape[1]`` as the last one, ``x[:64]`` whole, ``y[:j]`` cut as ``x[i:j]`` beside it is."""
    path, held = at.path, node.slice
    whole = bench.text(path, node.value)
    if isinstance(held, (ast.Constant, ast.UnaryOp)) and whole.rpartition(".")[2].rpartition("_")[2] == "shape":
        for other in ("-1", "1", "0", "2"):
            if other != bench.text(path, held):
                yield 0, [bench.replace(path, held, other)]
        return
    if isinstance(held, ast.Slice) or (isinstance(held, ast.List) and len(held.elts) > 1):
        own = bench.text(path, held)
        others = [
            bench.text(path, each.slice)
            for each in at.expressions()
            if isinstance(each, ast.Subscript) and isinstance(each.slice, ast.Slice) and each is not node
        ]
        for text in dict.fromkeys(others):
            if text != own:
                yield 0, [bench.replace(path, held, text)]
        yield 1, [bench.replace(path, node, whole)]
    if isinstance(held, ast.Slice) and isinstance(held.lower, ast.BinOp) and held.upper is not None:
        extra = held.lower.right
        if isinstance(held.lower.op, ast.Add) and isinstance(extra, ast.Constant):
            yield 0, [bench.after(path, held.upper, f" + {bench.text(path, extra)}")]


def _operators(bench: Bench, path: str, node: ast.BinOp) -> Iterator[list[Splice]]:
    """A sign for another, and one more or less that is too much."""
    left, right = bench.text(path, node.left), bench.text(path, node.right)
    if isinstance(node.left, ast.BinOp) or isinstance(node.right, (ast.Name, ast.Attribute)):
        if isinstance(node.op, ast.Add):
            start = f"({left})" if isinstance(node.left, ast.BinOp) else left
            yield [bench.replace(path, node, f"{start} * {right}")]
    if isinstance(node.op, (ast.Add, ast.Sub)) and isinstance(node.right, ast.Constant) and node.right.value == 1:
        yield [bench.replace(path, node, left)]


def _numbers(bench: Bench, path: str, node: ast.Constant, sizes: list[int]) -> Iterator[tuple[int, list[Splice]]]:
    """A number that is one of the sizes of the fault as another one of them; else one that divides, or is divided."""
    value = node.value
    if not isinstance(value, int) or isinstance(value, bool) or value < 2:
        return
    holder = bench.parent(path, node)
    if isinstance(holder, ast.keyword) and (holder.arg or "") in NO_SIZES:
        return
    if isinstance(holder, (ast.Subscript, ast.Slice)):
        return
    if bench.fault.name == "label-shape" and isinstance(holder, ast.Call) and class_of(holder) in ONE_HOT:
        return  # as many classes as there are
    if value in sizes:
        for other in sizes[:6]:
            if other != value:
                yield (1 if other > 1 else 3), [bench.replace(path, node, str(other))]
    if isinstance(holder, ast.BinOp) and isinstance(holder.op, ast.Mult):
        return
    if value >= 16:
        for unit in (8, 16, 32):
            if value % unit:
                yield 2, [bench.replace(path, node, str(-(-value // unit) * unit))]
    elif len(sizes) > 1:
        for other in (value + 1, value - 1, value + 2):
            if other > 1 and (other & (other - 1) == 0 or any(size % other == 0 and size % value for size in sizes)):
                yield 2, [bench.replace(path, node, str(other))]


def _named(bench: Bench, path: str, node: ast.Name, sizes: list[int]) -> Iterator[list[Splice]]:
    """A constant as another one that has the size that is wanted."""
    own = _value(bench, path, node.id)
    if own is None or own not in sizes:
        return
    for name in _constants(bench, path):
        value = _value(bench, path, name)
        if value in sizes and value != own:
            yield [bench.replace(path, node, name)]


def _value(bench: Bench, path: str, name: str) -> int | None:
    found = bench.sources.literal(path, name)
    return found[1] if found is not None and isinstance(found[1], int) else None


def _constants(bench: Bench, path: str) -> Iterator[str]:
    tree = bench.tree(path)
    for statement in tree.body if tree is not None else ():
        if isinstance(statement, ast.Assign):
            for part in ast.walk(statement.targets[0]):
                if isinstance(part, ast.Name):
                    yield part.id


def _axes_together(bench: Bench, statements: list[Reached]) -> Iterator[Candidate]:
    """The same axis in all the statements that have it, as ``mean`` and ``std`` of the same data."""
    groups: dict[tuple[str, int, str], list[Splice]] = {}
    for each in statements:
        for node in each.expressions():
            if isinstance(node, ast.Call):
                for keyword in node.keywords:
                    for part, text in _other_axes(node):
                        inside = part is keyword.value or any(part is inner for inner in ast.walk(keyword.value))
                        if inside:
                            place = _place(keyword.value, part)
                            key = (bench.text(each.path, keyword.value), place, text)
                            groups.setdefault(key, []).append(bench.replace(each.path, part, text))
    for (_, _, text), splices in groups.items():
        if 1 < len(splices) <= 4:
            yield Candidate(f"axis {text}", splices, UNSAFE, LIKELY)


def _everywhere(bench: Bench, statements: list[Reached]) -> Iterator[Candidate]:
    """A size that cannot be halved often enough, rounded up wherever it is written."""
    if bench.fault.name not in ("join-mismatch", "broadcast-mismatch"):
        return
    places: dict[int, list[Splice]] = {}
    for path in dict.fromkeys(each.path for each in statements):
        for node in bench.walk(path):
            if isinstance(node, ast.Constant) and type(node.value) is int and node.value >= 16:
                places.setdefault(node.value, []).append(bench.replace(path, node, str(node.value)))
    for value, found in places.items():
        for unit in (8, 16, 32):
            if value % unit:
                size = -(-value // unit) * unit
                edits = [Splice(each.path, *each.key, str(size)) for each in found]
                yield Candidate(f"{size} for {value}", edits, UNSAFE, LIKELY + 2)


def _place(held: ast.expr, part: ast.expr) -> int:
    return held.elts.index(part) if isinstance(held, (ast.Tuple, ast.List)) else 0
