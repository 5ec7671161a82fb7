"""States of recurrent modules of PyTorch, and saved parameters that do not fit."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.edits import Splice
from foreshape.fixes.proposals.common import class_of
from foreshape.fixes.proposals.numbers import behind
from foreshape.fixes.proposals.torch_places import by_torch, calls_named, operands, suffixed, swapped, with_suffix

if TYPE_CHECKING:
    from foreshape.domain.values import Shape
    from foreshape.fixes.bench import Bench

RECURRENT: Final = frozenset({"LSTM", "GRU", "RNN"})


def propose(bench: Bench) -> Iterator[Candidate]:
    if not by_torch(bench):
        return
    if bench.fault.name in ("broadcast-mismatch", "index-range", "label-shape"):
        yield from batch_first(bench, 0)
    elif bench.fault.name == "state-shape":
        yield from _sizes(bench)
        yield from _ranks(bench)
    elif bench.fault.name == "state-dict-mismatch":
        yield from _loaded(bench)


def _sizes(bench: Bench) -> Iterator[Candidate]:
    """The batch axis first, as many states as directions, the short last batch left out."""
    needs, got = bench.fault.needs, bench.fault.got  # type: ignore[attr-defined]
    first, held = (needs[0] if needs else None), (got[0] if got else None)
    layer = bench.layer()
    if not first or not held:
        return
    if len(first) != len(held):
        yield from _of_rank(bench, first)
        return
    if layer is not None and first[-2] != held[-2]:
        one = bench.set_keyword(layer[0], layer[1], "batch_first", "True")
        yield Candidate("batch_first=True", [one], UNSAFE, -3 if _counts_first_axis(bench) else -1)
    yield from _others(bench)
    yield from _layers(bench, first, held)
    yield from _batch_of_input(bench, len(first), first, held)
    for value in bench.fault.values:
        made = value.origin
        if made is None:
            continue
        for call in ast.walk(made.node):
            if not isinstance(call, ast.Call):
                continue
            sizes: list[ast.expr] = list(call.args)
            if len(sizes) == 1:
                for each in [sizes[0], *behind(bench, made.path, sizes[0])]:
                    if isinstance(each, (ast.Tuple, ast.List)):
                        sizes = list(each.elts)
            if len(sizes) != len(first):
                continue
            if isinstance(first[0], int) and isinstance(held[0], int) and first[0] == 2 * held[0]:
                text = f"2 * {bench.text(made.path, sizes[0])}"
                yield from _doubled(bench, made.path, sizes[0], text)
                yield swapped(bench, sizes[0], text, 0, made.path)
                for name in ("num_directions", "directions"):
                    if any(isinstance(each, ast.Attribute) and each.attr == name for each in bench.walk(made.path)):
                        text = f"self.{name} * {bench.text(made.path, sizes[0])}"
                        yield swapped(bench, sizes[0], text, -1, made.path)


def _doubled(bench: Bench, path: str, size: ast.expr, text: str) -> Iterator[Candidate]:
    """The same for all the states that are made side by side."""
    scope = next((each for each in bench.above(path, size) if isinstance(each, (ast.FunctionDef, ast.Module))), None)
    own = bench.text(path, size)
    edits = []
    for call in ast.walk(scope) if scope is not None else ():
        if isinstance(call, ast.Call) and class_of(call) in ("zeros", "ones", "randn", "rand") and call.args:
            first = call.args[0].elts[0] if isinstance(call.args[0], ast.Tuple) and call.args[0].elts else call.args[0]
            if bench.text(path, first) == own:
                edits.append(bench.replace(path, first, text))
    if len(edits) > 1:
        yield Candidate(text, edits, UNSAFE, -1)


def _of_rank(bench: Bench, first: Shape) -> Iterator[Candidate]:
    """States that were made without the axis of layers, all of them made as the module takes them."""
    if not all(isinstance(size, int) for size in first):
        return
    text = ", ".join(map(str, first))
    edits: dict[int, Splice] = {}
    for value in bench.fault.values:
        made = value.origin
        holder = bench.statement(made.path, made.node) if made is not None and made.path == bench.path else None
        for call in ast.walk(holder) if holder is not None else ():
            if isinstance(call, ast.Call) and class_of(call) in ("zeros", "ones", "randn", "rand") and call.args:
                if not any(isinstance(each, (ast.Tuple, ast.List, ast.Starred)) for each in call.args):
                    row, column, _, _ = bench.sources.file(bench.path).span(call.args[0])
                    _, _, end_row, end_column = bench.sources.file(bench.path).span(call.args[-1])
                    edits[id(call)] = Splice(bench.path, row, column, end_row, end_column, text)
    if edits:
        yield Candidate(text, list(edits.values()), UNSAFE, 0)


def _counts_first_axis(bench: Bench) -> bool:
    """Whether the function takes the first axis of the input for the batch: ``batch = x.size(0)``."""
    given = operands(bench)
    scope = scope_at(bench, given[0]) if given and isinstance(given[0], ast.Name) else None
    if scope is None:
        return False
    name = given[0].id  # type: ignore[attr-defined]
    for each in ast.walk(scope):
        if isinstance(each, (ast.Call, ast.Subscript)):
            if bench.text(bench.path, each).replace(" ", "") in (f"{name}.size(0)", f"{name}.shape[0]", f"len({name})"):
                return True
    return False


def _layers(bench: Bench, first: Shape, held: Shape) -> Iterator[Candidate]:
    """As many layers as the states were made for."""
    layer = bench.layer()
    made = bench.fault.values[-1].origin if bench.fault.values else None
    if layer is None or made is None or first[0] != 1 or first[1:] != held[1:] or bench.keyword(layer[1], "num_layers"):
        return
    for call in ast.walk(made.node):
        sizes = list(call.args) if isinstance(call, ast.Call) else []
        if len(sizes) == len(first):
            text = bench.text(made.path, sizes[0])
            yield Candidate(f"num_layers={text}", [bench.set_keyword(*layer, "num_layers", text)], UNSAFE, -1)
            return


def _others(bench: Bench) -> Iterator[Candidate]:
    """Another variable of the function in place of the states: the encoder gives outputs and a state."""
    given = operands(bench)
    if len(given) < 2 or not isinstance(given[1], ast.Name):
        return
    scope = scope_at(bench, given[1])
    if not isinstance(scope, ast.FunctionDef):
        return
    names = {each.arg: None for each in scope.args.args if each.arg != "self"}
    for each in ast.walk(scope):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store) and each.lineno < given[1].lineno:
            names[each.id] = None
    for name in names:
        if name not in (given[1].id, *(each.id for each in given if isinstance(each, ast.Name))):
            yield swapped(bench, given[1], name, -1)


def _batch_of_input(bench: Bench, rank: int, first: Shape, held: Shape) -> Iterator[Candidate]:
    """States made for as many samples as come in, all of them at once."""
    given = operands(bench)
    layer = bench.layer()
    if not given or not isinstance(given[0], ast.Name) or first[-2] == held[-2]:
        return
    flag = bench.keyword(layer[1], "batch_first") if layer is not None else None
    axis = 0 if flag is not None and bench.text(layer[0], flag.value) == "True" else 1  # type: ignore[index]
    text = f"{given[0].id}.size({axis})"
    edits = []
    for value in bench.fault.values:
        made = value.origin
        if made is None or made.path != bench.path or scope_at(bench, made.node) is not scope_at(bench, given[0]):
            continue
        for call in ast.walk(made.node):
            sizes = list(call.args) if isinstance(call, ast.Call) else []
            if len(sizes) == 1 and isinstance(sizes[0], (ast.Tuple, ast.List)):
                sizes = list(sizes[0].elts)
            if len(sizes) == rank and not any(word in bench.text(made.path, sizes[-2]) for word in ("size", "shape")):
                edits.append(bench.replace(made.path, sizes[-2], text))
    if edits:
        yield Candidate(text, edits, UNSAFE, -2)
    yield from _made_in_method(bench, rank, text)


def _made_in_method(bench: Bench, rank: int, size: str) -> Iterator[Candidate]:
    """States that a method makes for a batch size of its own: the method is told how many samples come in."""
    given = operands(bench)
    scope = scope_at(bench, given[0])
    for value in bench.fault.values:
        made = value.origin
        method = scope_at(bench, made.node) if made is not None and made.path == bench.path else None
        if made is None or not isinstance(method, ast.FunctionDef) or method is scope:
            continue
        calls = [
            each for each in bench.walk(bench.path) if isinstance(each, ast.Call) and class_of(each) == method.name
        ]
        own = [each for each in calls if scope_at(bench, each) is scope]
        edits: list[Splice] = []
        names = {each.arg for each in method.args.args}
        for call in ast.walk(method):
            sizes = list(call.args) if isinstance(call, ast.Call) else []
            if len(sizes) == 1 and isinstance(sizes[0], (ast.Tuple, ast.List)):
                sizes = list(sizes[0].elts)
            if len(sizes) == rank:
                edits.append(bench.replace(bench.path, sizes[-2], "batch_size"))
        if not edits or len(calls) != 1 or len(own) != 1 or calls[0].args or calls[0].keywords:
            continue
        if names == {"self"} and method.args.args:
            text = f"{bench.text(bench.path, calls[0].func)}({size})"
            edits += [
                bench.after(bench.path, method.args.args[0], ", batch_size"),
                bench.replace(bench.path, calls[0], text),
            ]
            yield Candidate(text, edits, UNSAFE, -2)
        return


def batch_first(bench: Bench, likely: int) -> Iterator[Candidate]:
    """The batch axis first, in the recurrent modules and padded sequences on the way that have time first."""
    for value in bench.fault.values:
        for _, path, call in bench.layers_of(value)[:4]:
            held = bench.keyword(call, "batch_first")
            if class_of(call) in RECURRENT and (held is None or bench.text(path, held.value) == "False"):
                one = bench.set_keyword(path, call, "batch_first", "True")
                yield Candidate("batch_first=True", [one], UNSAFE, likely)
    for call in calls_named(bench, "pad_sequence", "pad_packed_sequence", "pack_padded_sequence"):
        held = bench.keyword(call, "batch_first")
        if held is None or bench.text(bench.path, held.value) == "False":
            one = bench.set_keyword(bench.path, call, "batch_first", "True")
            yield Candidate("batch_first=True", [one], UNSAFE, likely)


def scope_at(bench: Bench, node: ast.AST) -> ast.AST | None:
    """The function that a node of the failing file stands in."""
    return next((each for each in bench.above(bench.path, node) if isinstance(each, ast.FunctionDef)), None)


def _ranks(bench: Bench) -> Iterator[Candidate]:
    """An input without its time axis."""
    given = operands(bench)
    if not given:
        return
    for axis in (1, 0):
        yield from with_suffix(bench, given[0], f".unsqueeze({axis})", 1)
    for value in bench.fault.values:
        for step in bench.told.steps(value)[:4]:
            for call in ast.walk(step.origin.node):
                if (
                    not isinstance(call, ast.Call)
                    or not call.args
                    or class_of(call) not in ("full", "zeros", "ones", "randint")
                ):
                    continue
                for sizes in call.args:
                    if isinstance(sizes, ast.Tuple) and len(sizes.elts) == 1:
                        text = f"({bench.text(step.origin.path, sizes.elts[0])}, 1)"
                        yield swapped(bench, sizes, text, 0, step.origin.path)
    for call in calls_named(bench, "full", "zeros", "ones"):
        for sizes in call.args[:1]:
            if isinstance(sizes, ast.Tuple) and len(sizes.elts) == 1:
                yield swapped(bench, sizes, f"({bench.text(bench.path, sizes.elts[0])}, 1)", 2)
    if len(given) > 1:
        yield suffixed(bench, given[1], ".squeeze(0)", 2)
        yield suffixed(bench, given[1], ".unsqueeze(0)", 2)


def _loaded(bench: Bench) -> Iterator[Candidate]:
    """Keys renamed, parameters of other sizes left out."""
    node = bench.node
    fault = bench.fault
    if not isinstance(node, ast.Call) or not node.args or not isinstance(node.func, ast.Attribute):
        return
    given = node.args[0]
    held = bench.text(bench.path, given)
    missing: tuple[str, ...] = fault.missing  # type: ignore[attr-defined]
    unexpected: tuple[str, ...] = fault.unexpected  # type: ignore[attr-defined]
    yield from _made_alike(bench, node.func.value)
    for old, new in _renamings(missing, unexpected):
        if not new:
            text = f'{{key.removeprefix("{old}"): value for key, value in {held}.items()}}'
        elif not old:
            text = f'{{"{new}" + key: value for key, value in {held}.items()}}'
        else:
            text = f'{{key.replace("{old}", "{new}"): value for key, value in {held}.items()}}'
        yield swapped(bench, given, text, -1)
    strict = [bench.set_keyword(bench.path, node, "strict", "False")]
    if fault.sizes:  # type: ignore[attr-defined]
        model = bench.text(bench.path, node.func.value)
        known = f"{model}.state_dict()"
        text = f"{{key: value for key, value in {held}.items() if value.shape == {known}[key].shape}}"
        one = bench.replace(bench.path, given, f"{text}, strict=False")
        yield Candidate(text, [one], UNSAFE, 0)
        names = sorted({name for name, _, _ in fault.sizes})  # type: ignore[attr-defined]
        listed = f"{{key: value for key, value in {held}.items() if key not in {tuple(names)!r}}}".replace("'", '"')
        yield Candidate(listed, [bench.replace(bench.path, given, f"{listed}, strict=False")], UNSAFE, 1)
    else:
        yield Candidate("strict=False", strict, UNSAFE, 2)


def _made_alike(bench: Bench, model: ast.expr) -> Iterator[Candidate]:
    """The model made with the arguments that the file gives to the same class elsewhere."""
    made = [
        each.value
        for each in bench.walk(bench.path)
        if isinstance(each, ast.Assign)
        and isinstance(each.value, ast.Call)
        and any(bench.text(bench.path, target) == bench.text(bench.path, model) for target in each.targets)
    ]
    for own in made:
        for other in calls_named(bench, class_of(own)):
            text = bench.text(bench.path, other)
            if class_of(own)[:1].isupper() and text != bench.text(bench.path, own) and "\n" not in text:
                if class_of(own) not in ("Sequential", "ModuleList"):
                    yield swapped(bench, own, text, -2)


def _renamings(missing: tuple[str, ...], unexpected: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """(old part, new part) of a prefix by which all keys differ."""
    if not missing or len(missing) != len(unexpected):
        return
    pairs = set()
    for new, old in zip(missing, unexpected, strict=True):
        if old.endswith(new):
            pairs.add((old[: -len(new)], ""))
        elif new.endswith(old):
            pairs.add(("", new[: -len(old)]))
        else:
            first, second = old.rsplit(".", 1), new.rsplit(".", 1)
            pairs.add((f"{first[0]}.", f"{second[0]}."))
    if len(pairs) == 1:
        yield from pairs
