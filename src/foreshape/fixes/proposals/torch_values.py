"""Values of PyTorch that are of another kind: tuples, lists, arrays, several numbers, tensors with a gradient."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.edits import Splice
from foreshape.fixes.proposals.common import class_of
from foreshape.fixes.proposals.torch_carried import carried, cut_off, kept
from foreshape.fixes.proposals.torch_places import (
    by_torch,
    calls_named,
    handed_in,
    message,
    operands,
    scope_of,
    suffixed,
    swapped,
    with_suffix,
)

if TYPE_CHECKING:
    from foreshape.fixes.bench import Bench

CASTS: Final = {"int64": ".long()", "float32": ".float()", "float64": ".double()", "bool": ".bool()"}
PAIRS: Final = ("max", "min", "median", "mode", "sort", "topk", "kthvalue", "cummax", "cummin")
RECURRENT: Final = ("LSTM", "GRU", "RNN")


def propose(bench: Bench) -> Iterator[Candidate]:
    name, text = bench.fault.name, message(bench)
    if name == "python-error":
        yield from _counted(bench)
        yield from _values_of(bench)
    elif not by_torch(bench) and "optimizer" not in text and "has no attribute" not in text and "iterable" not in text:
        return
    elif name == "unsupported-data":
        yield from _parts(bench, text)
        yield from _wrapped(bench, text)
    elif name in ("scalar-conversion", "ambiguous-truth"):
        yield from _one_number(bench)
    elif name == "dtype-mismatch":
        yield from _casts(bench)
    elif name in ("invalid-argument", "gradient-state"):
        yield from _gradients(bench, text)
        if "offsets[0] has to be 0" in text:
            yield from _offsets(bench)
        elif text.startswith("Tried to step"):
            yield from _all_steps(bench)


# -- kinds -------------------------------------------------------------------------------------------------------------
def _parts(bench: Bench, text: str) -> Iterator[Candidate]:
    """One of the values of a tuple; a module that is made where it was meant to be called."""
    node = bench.node
    if "tuple" in text:
        for pair in node.args if isinstance(node, ast.Call) else ():
            if isinstance(pair, ast.Tuple) and pair.elts:
                yield swapped(bench, pair, bench.text(bench.path, pair.elts[0]), -1)
        for each in operands(bench):
            yield suffixed(bench, each, "[0]", 0)
        yield from _inside(bench)
    if isinstance(node, ast.Call):
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and len(call.args) == 1 and class_of(call)[:1].isupper() and call is not node:
                whole = bench.text(bench.path, call.func)
                held = bench.text(bench.path, call.args[0])
                yield swapped(bench, call, f"{whole}()({held})", 1)
    if "NoneType" in text:
        yield from _returns(bench)
    if "must be tuple of Tensors, not Tensor" in text and isinstance(node, ast.Call) and node.args:
        yield swapped(bench, node, bench.text(bench.path, node.args[0]), -1)
        yield swapped(bench, node.args[0], f"[{bench.text(bench.path, node.args[0])}]", 0)
    if "optimizer" in text or "iterable" in text:
        yield from _parameters(bench)


def _parameters(bench: Bench) -> Iterator[Candidate]:
    """The parameters of a module, where the module or the method was given."""
    node = bench.node
    given = bench.argument(node, "params", 0) if isinstance(node, ast.Call) else None
    if given is None:
        return
    yield suffixed(bench, given, ".parameters()", -1)
    yield suffixed(bench, given, "()", -1)


def _returns(bench: Bench) -> Iterator[Candidate]:
    """A ``forward`` that works its result out and does not give it back."""
    for each in bench.walk(bench.path):
        if not isinstance(each, ast.FunctionDef) or not each.body:
            continue
        last = each.body[-1]
        if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call) and each.name != "__init__":
            if any(isinstance(inner, ast.Return) and inner.value is not None for inner in ast.walk(each)):
                continue
            text = bench.text(bench.path, last)
            grade = 0 if each.name == "forward" else 2
            yield Candidate(f"return {text}", [bench.before(bench.path, last, "return ")], UNSAFE, grade)


def _wrapped(bench: Bench, text: str) -> Iterator[Candidate]:
    """Lists and arrays made tensors."""
    torch = bench.module(bench.path, "torch")
    if torch is None:
        return
    node = bench.node
    if getattr(bench.fault, "given", "") in ("DataFrame", "Series"):
        for each in operands(bench):
            yield suffixed(bench, each, ".values", -1)
        return
    if (
        isinstance(node, ast.Call)
        and class_of(node) in ("tensor", "as_tensor", "LongTensor")
        and node.args
        and "str" in text
    ):
        held = bench.text(bench.path, node.args[0])
        if isinstance(node.args[0], ast.Name):
            yield swapped(bench, node.args[0], f"[sorted(set({held})).index(each) for each in {held}]", -1)
        return
    if isinstance(node, ast.Call) and len(node.args) == 4 and "ctc" in getattr(bench.fault, "taker", ""):
        made = bench.text(bench.path, node.args[0])
        if made.isidentifier():
            lengths = f"{torch}.full(({made}.size(1),), {made}.size(0), dtype={torch}.long)"
            yield swapped(bench, node.args[2], lengths, -1)
    for each in operands(bench):
        held = bench.text(bench.path, each)
        if isinstance(each, ast.Name) and "list" in text:
            yield from _only_one(bench, each.id)
        if "ndarray" in text:
            if isinstance(each, ast.Name):  # where the array comes in
                for path, array in handed_in(bench, each.id):
                    whole = f"{torch}.from_numpy({bench.text(path, array)}).float()"
                    yield swapped(bench, array, whole, -2, path)
            yield swapped(bench, each, f"{torch}.from_numpy({held}).float()", 0)
            yield swapped(bench, each, f"{torch}.from_numpy({held})", -1)
            yield swapped(bench, each, f"{torch}.as_tensor({held})", 1)
        elif "but got list" in text and "element 0" in text:
            yield swapped(bench, each, f"[{torch}.tensor(each) for each in {held}]", -1)
        elif "list" in text:
            for made in (f"{torch}.cat({held}, dim=1)", f"{torch}.stack({held})", f"{torch}.stack({held}, dim=1)"):
                yield swapped(bench, each, made, 0)
            yield swapped(bench, each, f"{torch}.tensor({held})", 1)


def _only_one(bench: Bench, name: str) -> Iterator[Candidate]:
    """``for x in loader``, whose batches are lists of one tensor: ``for (x,) in loader``."""
    for loop in bench.above(bench.path, bench.node):
        for each in ast.walk(loop.target) if isinstance(loop, ast.For) else ():
            if isinstance(each, ast.Name) and each.id == name:
                yield swapped(bench, each, f"({name},)", -2)


def _inside(bench: Bench) -> Iterator[Candidate]:
    """A recurrent module in a Sequential gives a pair: a small module after it keeps the outputs."""
    for call in calls_named(bench, *RECURRENT):
        holder = bench.parent(bench.path, call)
        if (
            not isinstance(holder, ast.Call)
            or class_of(holder) != "Sequential"
            or not isinstance(call.func, ast.Attribute)
        ):
            continue
        base = bench.text(bench.path, call.func.value)
        outer: ast.stmt | None = None
        for each in bench.above(bench.path, call):
            if isinstance(each, ast.stmt):
                outer = each
        if outer is None:
            continue
        row, _, _, _ = bench.sources.file(bench.path).span(outer)
        first = bench.keyword(call, "batch_first")
        last = "[:, -1]" if first is not None and bench.text(bench.path, first.value) == "True" else "[-1]"
        for name, part in (("Outputs", ""), ("LastStep", last)):
            body = [f"class {name}({base}.Module):", "    def forward(self, pair):", f"        return pair[0]{part}"]
            made = Splice(bench.path, row, 1, row, 1, "\n".join([*body, "", "", ""]))
            yield Candidate(f"{name}() after it", [made, bench.after(bench.path, call, f", {name}()")], UNSAFE, 1)


# -- numbers -----------------------------------------------------------------------------------------------------------
def _one_number(bench: Bench) -> Iterator[Candidate]:
    """The mean of several numbers, where one is asked for."""
    node = bench.node
    torch = bench.module(bench.path, "torch")
    if isinstance(node, ast.Call) and class_of(node) in ("tensor", "as_tensor", "FloatTensor", "Tensor") and node.args:
        held = bench.text(bench.path, node.args[0])
        yield swapped(bench, node, f"{torch or 'torch'}.stack({held})", -1)
    if isinstance(node, ast.Call) and class_of(node) == "item" and isinstance(node.func, ast.Attribute):
        yield suffixed(bench, node.func.value, ".mean()", 0)
    for value in bench.fault.values:
        for step in reversed(bench.told.steps(value)):
            call = step.origin.node
            if isinstance(call, ast.Call) and class_of(call) in ("mean", "sum", "max", "min"):
                axis = bench.keyword(call, "dim") or (call.args[-1] if call.args else None)
                if axis is not None and len(call.args) + len(call.keywords) == 1:
                    held = bench.text(step.origin.path, call.func)
                    yield swapped(bench, call, f"{held}()", -1, step.origin.path)
    if bench.fault.name == "ambiguous-truth" and node is not None:
        for each in ast.walk(node):
            if isinstance(each, ast.Compare):
                yield suffixed(bench, each, ".all()", 1)
                yield suffixed(bench, each, ".any()", 1)
    elif isinstance(node, ast.Call) and class_of(node) in ("float", "int") and node.args:
        yield suffixed(bench, node.args[0], ".mean()", 0)


def _counted(bench: Bench) -> Iterator[Candidate]:
    """The length of what can only be walked through."""
    node = bench.node
    if isinstance(node, ast.Call) and class_of(node) == "len" and node.args and "has no len" in message(bench):
        yield swapped(bench, node, f"sum(1 for _ in {bench.text(bench.path, node.args[0])})", 1)


def _values_of(bench: Bench) -> Iterator[Candidate]:
    """``q.max(1)`` gives values and places: the values."""
    if bench.module(bench.path, "torch") is None or not isinstance(bench.node, ast.BinOp):
        return
    for side in (bench.node.left, bench.node.right):
        if isinstance(side, ast.Call) and class_of(side) in PAIRS and (side.args or side.keywords):
            yield suffixed(bench, side, ".values", -1)


def _casts(bench: Bench) -> Iterator[Candidate]:
    """A cast behind what has another dtype: here, and where it comes from."""
    wanted = bench.fault.wanted  # type: ignore[attr-defined]
    node = bench.node
    if isinstance(node, ast.Call) and class_of(node) in ("mean", "std", "var", "norm", "softmax", "median"):
        base = node.func.value if isinstance(node.func, ast.Attribute) and len(node.args) == 0 else None
        if base is None and node.args:
            base = node.args[0]
        if base is not None:
            yield suffixed(bench, base, ".float()", -1)
        if isinstance(node.func, ast.Attribute):
            yield suffixed(bench, node.func.value, ".float()", -1)
    if "bool tensor is not supported" in message(bench) and isinstance(node, ast.BinOp):
        whole = isinstance(node.left, ast.Constant) and node.left.value == 1
        taken = bench.text(bench.path, node.right)
        taken = taken if isinstance(node.right, (ast.Name, ast.Attribute, ast.Call, ast.Subscript)) else f"({taken})"
        if whole:
            yield swapped(bench, node, f"~{taken}", -2)
        else:
            left = bench.text(bench.path, node.left)
            yield swapped(bench, node, f"{left} ^ {taken}", -1)
    cast = CASTS.get(wanted or "")
    if cast is not None:
        for each in bench.expressions(bench.told.value()):
            yield from with_suffix(bench, each, cast, 0)
    elif "not implemented for" in message(bench):
        for each in operands(bench):
            for other in (".long()", ".float()"):
                yield suffixed(bench, each, other, 1)
    yield from _single(bench)
    yield from _made_otherwise(bench)
    if "object" in "".join(bench.fault.got):  # type: ignore[attr-defined]
        for held in ast.walk(node) if node is not None else ():
            if isinstance(held, ast.Attribute) and held.attr == "values":
                yield suffixed(bench, held.value, '.select_dtypes("number")', -1)
            elif isinstance(held, ast.Call) and class_of(held) == "to_numpy" and isinstance(held.func, ast.Attribute):
                yield suffixed(bench, held.func.value, '.select_dtypes("number")', -1)


def _single(bench: Bench) -> Iterator[Candidate]:
    """float64 made float32, wherever it comes into the failing expression."""
    if "double" not in message(bench) and "float64" not in "".join(bench.fault.got):  # type: ignore[attr-defined]
        return
    for call in ast.walk(bench.node) if bench.node is not None else ():
        for given in call.args if isinstance(call, ast.Call) else ():
            if isinstance(given, (ast.Name, ast.Attribute, ast.Subscript)):
                yield from with_suffix(bench, given, ".float()", 0)
    for value in bench.fault.values:
        for step in bench.told.steps(value):
            for call in ast.walk(step.origin.node):
                if isinstance(call, ast.Call) and class_of(call) in ("from_numpy", "as_tensor", "tensor"):
                    yield suffixed(bench, call, ".float()", 1, step.origin.path)


def _made_otherwise(bench: Bench) -> Iterator[Candidate]:
    """Without the ``dtype=`` of what the function makes beside it, all at once."""
    scope = scope_of(bench, bench.node) if bench.node is not None else None
    found: dict[str, list[Splice]] = {}
    for call in ast.walk(scope) if isinstance(scope, ast.FunctionDef) else ():
        held = bench.keyword(call, "dtype") if isinstance(call, ast.Call) else None
        if not isinstance(call, ast.Call) or held is None or len(call.args) + len(call.keywords) < 2:
            continue
        given = [*call.args, *(each.value for each in call.keywords)]
        if given[-1] is held.value:
            _, _, row, column = bench.sources.file(bench.path).span(given[-2])
            _, _, end_row, end_column = bench.sources.file(bench.path).span(held.value)
            one = Splice(bench.path, row, column, end_row, end_column, "")
            found.setdefault(bench.text(bench.path, held.value), []).append(one)
    for dtype, edits in found.items():
        yield Candidate(f"without dtype={dtype}", edits, UNSAFE, 1)


def _all_steps(bench: Bench) -> Iterator[Candidate]:
    """As many steps as the loops around the failing one make: ``epochs * len(loader)``."""
    counts: list[str] = []
    for loop in bench.above(bench.path, bench.node):
        if isinstance(loop, ast.For):
            walked = loop.iter
            while isinstance(walked, ast.Call) and class_of(walked) in ("enumerate", "tqdm") and walked.args:
                walked = walked.args[0]
            if isinstance(walked, ast.Call) and class_of(walked) == "range" and len(walked.args) == 1:
                counts.insert(0, bench.text(bench.path, walked.args[0]))
            else:
                counts.insert(0, f"len({bench.text(bench.path, walked)})")
    for call in calls_named(bench, "OneCycleLR") if counts else ():
        total = bench.keyword(call, "total_steps")
        if total is not None:
            yield swapped(bench, total.value, " * ".join(counts), -1)


def _offsets(bench: Bench) -> Iterator[Candidate]:
    """Where bags begin: the lengths added up from 0 on, without the last."""
    for value in bench.fault.values:
        for step in reversed(bench.told.steps(value)):
            for call in ast.walk(step.origin.node):
                if isinstance(call, ast.Call) and class_of(call) in ("tensor", "LongTensor", "as_tensor") and call.args:
                    held = bench.text(step.origin.path, call.args[0])
                    yield swapped(bench, call.args[0], f"[0] + {held}[:-1]", -1, step.origin.path)


# -- gradients ---------------------------------------------------------------------------------------------------------
def _gradients(bench: Bench, text: str) -> Iterator[Candidate]:
    node = bench.node
    if "numpy()" in text and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        yield suffixed(bench, node.func.value, ".detach()", -1)
    elif "second time" in text:
        yield from carried(bench)
        yield from cut_off(bench)
        yield from kept(bench)
    elif "leaf Variable" in text:
        yield from _without_gradient(bench)
    elif "does not require grad" in text:
        yield from _attached(bench)
        yield from _out_of_block(bench)
    elif "empty parameter list" in text:
        yield from _module_lists(bench)


def _without_gradient(bench: Bench) -> Iterator[Candidate]:
    """An update of parameters that autograd does not watch."""
    torch = bench.module(bench.path, "torch") or "torch"
    scope = scope_of(bench, bench.node) if bench.node is not None else None
    if isinstance(scope, ast.FunctionDef) and not any(
        isinstance(each, ast.Call) and class_of(each) in ("backward", "zero_grad") for each in ast.walk(scope)
    ):
        first = scope.decorator_list[0] if scope.decorator_list else None
        if first is None:
            line = bench.line_before(bench.path, scope, f"@{torch}.no_grad()")
            if line is not None:
                yield Candidate(f"@{torch}.no_grad()", [line], UNSAFE, -1)
    node = bench.node
    if isinstance(node, ast.AugAssign):
        yield suffixed(bench, node.target, ".data", 0)
    statement = bench.statement(bench.path, node) if node is not None else None
    if isinstance(statement, (ast.Expr, ast.AugAssign, ast.Assign)):
        source = bench.sources.file(bench.path)
        row, column, end_row, _ = source.span(statement)
        indent = source.lines[row - 1][: column - 1]
        if not indent.strip() and row == end_row:
            body = bench.text(bench.path, statement)
            text = f"with {torch}.no_grad():\n{indent}    {body}"
            yield Candidate(f"with {torch}.no_grad(): ...", [bench.replace(bench.path, statement, text)], UNSAFE, 1)


def _attached(bench: Bench) -> Iterator[Candidate]:
    """Without the ``.detach()`` or ``.data`` that takes the loss out of what is recorded."""
    for value in bench.fault.values:
        for step in reversed(bench.told.steps(value)):
            path = step.origin.path
            for each in ast.walk(step.origin.node):
                if isinstance(each, ast.Call) and class_of(each) == "detach" and isinstance(each.func, ast.Attribute):
                    yield swapped(bench, each, bench.text(path, each.func.value), -1, path)
                elif isinstance(each, ast.Attribute) and each.attr == "data":
                    yield swapped(bench, each, bench.text(path, each.value), -1, path)


def _out_of_block(bench: Bench) -> Iterator[Candidate]:
    """The last statements of a ``with torch.no_grad()`` moved out of it."""
    scope = scope_of(bench, bench.node) if bench.node is not None else None
    for block in ast.walk(scope) if scope is not None else ():
        if not isinstance(block, ast.With) or len(block.body) < 2:
            continue
        if not any("no_grad" in bench.text(bench.path, each.context_expr) for each in block.items):
            continue
        source = bench.sources.file(bench.path)
        for number in reversed(range(1, len(block.body))):
            edits = []
            for statement in block.body[number:]:
                row, column, end_row, _ = source.span(statement)
                for line in range(row, end_row + 1):
                    if not source.lines[line - 1][: column - 1].strip():
                        edits.append(Splice(bench.path, line, block.col_offset + 1, line, column, ""))
            yield Candidate("outside of no_grad", edits, UNSAFE, len(block.body) - number - 1)


def _module_lists(bench: Bench) -> Iterator[Candidate]:
    """Modules in a plain list are not seen: a ModuleList shows them."""
    layers = bench.module(bench.path, "torch.nn") or "torch.nn"
    for each in bench.walk(bench.path):
        if not isinstance(each, ast.Assign) or not isinstance(
            each.value, (ast.List, ast.ListComp, ast.Dict, ast.DictComp)
        ):
            continue
        if not any(isinstance(target, ast.Attribute) for target in each.targets):
            continue
        kind = "ModuleList" if isinstance(each.value, (ast.List, ast.ListComp)) else "ModuleDict"
        held = bench.text(bench.path, each.value)
        yield swapped(bench, each.value, f"{layers}.{kind}({held})", 0)
