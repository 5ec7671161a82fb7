"""Fixes for NumPy in code that is traced as a graph: TensorFlow's function of the same meaning, or that of ``keras.ops``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array
from foreshape.fixes.candidate import UNSAFE, Candidate

if TYPE_CHECKING:
    from foreshape.fixes.bench import Bench
    from foreshape.fixes.edits import Splice

SAME: Final = frozenset(
    {
        "abs", "argmax", "argmin", "cos", "cumsum", "einsum", "exp", "expand_dims", "floor", "matmul", "maximum",
        "minimum", "ones_like", "reshape", "round", "sign", "sin", "sqrt", "square", "squeeze", "stack", "tan", "tanh",
        "tile", "transpose", "where", "zeros_like",
    }
)  # fmt: skip
OTHERS: Final = {
    "mean": "reduce_mean",
    "sum": "reduce_sum",
    "max": "reduce_max",
    "amax": "reduce_max",
    "min": "reduce_min",
    "amin": "reduce_min",
    "prod": "reduce_prod",
    "all": "reduce_all",
    "any": "reduce_any",
    "absolute": "abs",
    "log": "math.log",
    "power": "pow",
    "std": "math.reduce_std",
    "var": "math.reduce_variance",
    "clip": "clip_by_value",
    "concatenate": "concat",
    "isnan": "math.is_nan",
}
"""NumPy's names, and what TensorFlow calls the same."""


def propose(bench: Bench) -> Iterator[Candidate]:
    """For ``unsupported-data``: a tensor of a graph handed to NumPy. For ``loop-shape``: the axes that may grow."""
    if bench.fault.name == "loop-shape":
        yield from _growing(bench)
        return
    traced = any(isinstance(value, Array) and value.kind == "tensorflow" for value in bench.fault.values)
    if getattr(bench.fault, "taker", "") != "NumPy" or not traced or bench.node is None:
        return
    numpy = bench.module(bench.path, "numpy")
    tensorflow, keras = bench.module(bench.path, "tensorflow"), bench.module(bench.path, "keras")
    if numpy is None:
        return
    here = bench.statement(bench.path, bench.node)
    whole = next((each for each in bench.above(bench.path, bench.node) if isinstance(each, FUNCTIONS)), here)
    for place, likely in ((here, -2), (whole, -1)):
        if place is None:
            continue
        calls = [each for each in ast.walk(place) if isinstance(each, ast.Call) and _of(each, numpy)]
        if tensorflow is not None:
            yield from _candidate(bench, calls, likely, tensorflow, ops=False)
        if keras is not None:
            yield from _candidate(bench, calls, likely, f"{keras}.ops", ops=True)


def _growing(bench: Bench) -> Iterator[Candidate]:
    """``set_loop_options`` as the first line of the loop."""
    before, after = bench.fault.before, bench.fault.after  # type: ignore[attr-defined]
    path, row = bench.told.finding.frames[-1]
    tensorflow = bench.module(path, "tensorflow")
    if tensorflow is None or len(before) != len(after) or bench.tree(path) is None:
        return
    sizes = ", ".join(str(a) if isinstance(a, int) and a == b else "None" for a, b in zip(before, after))
    name = bench.fault.variable  # type: ignore[attr-defined]
    text = (
        f"{tensorflow}.autograph.experimental.set_loop_options("
        f"shape_invariants=[({name}, {tensorflow}.TensorShape([{sizes}]))])"
    )
    for each in bench.walk(path):
        if isinstance(each, (ast.For, ast.While)) and each.lineno == row:
            line = bench.line_before(path, each.body[0], text)
            if line is not None:
                yield Candidate(text, [line], UNSAFE, 0)


FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def _of(call: ast.Call, numpy: str) -> bool:
    return (
        isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name) and call.func.value.id == numpy
    )


def _candidate(bench: Bench, calls: list[ast.Call], likely: int, module: str, *, ops: bool) -> Iterator[Candidate]:
    splices: list[Splice] = []
    texts: list[str] = []
    for call in calls:
        assert isinstance(call.func, ast.Attribute)
        name = call.func.attr
        if name in ("array", "asarray") and len(call.args) == 1:
            # a list of tensors is stacked, a tensor stays what it is
            listed = isinstance(call.args[0], (ast.List, ast.Tuple, ast.ListComp))
            new = f"{module}.stack" if listed else f"{module}.convert_to_tensor"
        elif ops and (name in SAME or name in OTHERS):
            new = f"{module}.{name}"
        elif name in SAME or name in OTHERS:
            new = f"{module}.{OTHERS.get(name, name)}"
        else:
            continue
        if name in ("mean", "sum") and call.args and isinstance(call.args[0], ast.Compare):
            # the share of what holds: numbers first
            splices.append(bench.before(bench.path, call.args[0], f"{module}.cast("))
            splices.append(bench.after(bench.path, call.args[0], ', "float32")'))
        splices.append(bench.replace(bench.path, call.func, new))
        texts.append(f"{new}(...)")
    if splices:
        yield Candidate(", ".join(dict.fromkeys(texts)), splices, UNSAFE, likely)
