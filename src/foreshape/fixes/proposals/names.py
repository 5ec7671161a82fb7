"""Names that are nearly right: of arguments, variables, keys and attributes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from foreshape.fixes.candidate import SAFE, UNSAFE, Candidate

if TYPE_CHECKING:
    from foreshape.fixes.bench import Bench

USUAL: Final = {
    "np": "import numpy as np",
    "numpy": "import numpy",
    "tf": "import tensorflow as tf",
    "pd": "import pandas as pd",
    "keras": "from tensorflow import keras",
    "math": "import math",
    "random": "import random",
    "os": "import os",
}
ARGUMENTS: Final = (
    "return_sequences", "return_state", "go_backwards", "stateful", "units", "filters", "kernel_size", "strides",
    "padding", "activation", "dropout", "recurrent_dropout", "mask_zero", "input_dim", "output_dim", "input_shape",
    "epochs", "batch_size", "validation_data", "validation_split", "verbose", "shuffle", "callbacks", "axis", "rate",
    "pool_size", "use_bias", "sample_weight", "class_weight", "optimizer", "loss", "metrics", "initial_state", "num_classes",
    "learning_rate", "kernel_initializer", "keepdims", "dtype", "maxlen", "truncating", "merge_mode", "num_heads", "key_dim",
)  # fmt: skip
RENAMED: Final = {
    "nb_epoch": "epochs", "nb_filter": "filters", "output_size": "units", "border_mode": "padding", "lr": "learning_rate",
    "input": "inputs", "output": "outputs", "p": "rate", "init": "kernel_initializer", "subsample": "strides",
    "keep_dims": "keepdims", "filter_length": "kernel_size",
}  # fmt: skip
UNEXPECTED: Final = re.compile(r"unexpected keyword argument '(\w+)'|argument.*: ?\{?'(\w+)'")


def propose(bench: Bench) -> Iterator[Candidate]:
    name = bench.fault.name
    if name == "call-arguments":
        yield from _arguments(bench)
    elif name == "undefined-name":
        yield from _names(bench)
    elif name == "missing-key":
        yield from _keys(bench)
    elif name == "missing-attribute":
        yield from _attributes(bench)


def _arguments(bench: Bench) -> Iterator[Candidate]:
    fault = bench.fault
    message = f"{fault.problem} {fault.raises.message if fault.raises else ''}"  # type: ignore[attr-defined]
    wrong = [part for found in UNEXPECTED.findall(message) for part in found if part]
    calls: list[tuple[str, ast.Call]] = [(bench.path, bench.node)] if isinstance(bench.node, ast.Call) else []
    layer = bench.layer()
    if layer is not None:
        calls.append(layer)
    for path, call in calls:
        for keyword in call.keywords:
            if keyword.arg is None or (wrong and keyword.arg not in wrong):
                continue
            if not wrong and f"'{keyword.arg}'" not in message:
                continue
            value = bench.text(path, keyword.value)
            meant = [RENAMED[keyword.arg]] if keyword.arg in RENAMED else []
            meant += get_close_matches(keyword.arg, ARGUMENTS, 2, 0.8)
            for number, other in enumerate(dict.fromkeys(meant)):
                if bench.keyword(call, other) is None and other != keyword.arg:
                    text = f"{other}={value}"
                    yield Candidate(text, [bench.replace(path, keyword, text)], SAFE if not number else UNSAFE, number)
            for text, edits in _input_layer(bench, path, call, keyword):
                yield Candidate(text, edits, UNSAFE, 1)
            gone = _without(bench, path, call, keyword)
            if gone is not None:
                yield Candidate(f"without {keyword.arg}", [gone], UNSAFE, 3)


def _input_layer(bench: Bench, path: str, call: ast.Call, keyword: ast.keyword):  # type: ignore[no-untyped-def]
    """Keras 3 takes ``batch_input_shape`` on an Input only."""
    if keyword.arg not in ("batch_input_shape", "input_length"):
        return
    gone = _without(bench, path, call, keyword)
    if gone is not None and keyword.arg == "batch_input_shape":
        text = f"batch_shape={bench.text(path, keyword.value)}"
        edits = bench.with_layer_before(path, call, "Input", text)
        if edits:
            yield f"Input({text})", [gone, *edits]


def _without(bench: Bench, path: str, call: ast.Call, keyword: ast.keyword):  # type: ignore[no-untyped-def]
    nodes: list[ast.AST] = sorted([*call.args, *call.keywords], key=lambda each: (each.lineno, each.col_offset))  # type: ignore[attr-defined]
    return bench.drop(path, nodes, nodes.index(keyword))  # type: ignore[arg-type]


def _names(bench: Bench) -> Iterator[Candidate]:
    name: str = bench.fault.identifier  # type: ignore[attr-defined]
    node = bench.node
    if name in USUAL:
        first = _first_statement(bench)
        line = bench.line_before(bench.path, first, USUAL[name]) if first is not None else None
        if line is not None:
            yield Candidate(USUAL[name], [line], SAFE, 0)
    yield from _class_import(bench, name)
    if not isinstance(node, ast.Name):
        node = (
            next((each for each in ast.walk(node) if isinstance(each, ast.Name) and each.id == name), None)
            if node
            else None
        )
    if node is None:
        return
    for number, other in enumerate(_near(name, _defined(bench))):
        yield Candidate(other, [bench.replace(bench.path, node, other)], UNSAFE, 1 + number)
    here = f"self.{name}"
    if any(isinstance(each, ast.Attribute) and each.attr == name for each in bench.walk(bench.path)):
        yield Candidate(here, [bench.replace(bench.path, node, here)], UNSAFE, 1)


def _class_import(bench: Bench, name: str) -> Iterator[Candidate]:
    """A layer that was forgotten in the import of the others."""
    if not name[:1].isupper():
        return
    for node in bench.walk(bench.path):
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("keras.layers") and _is_layer(name):
            yield Candidate(f"import {name}", [bench.after(bench.path, node.names[-1], f", {name}")], SAFE, 0)


def _is_layer(name: str) -> bool:
    """Whether Keras has a layer of that name."""
    from foreshape.semantics.registry import REGISTRY

    return REGISTRY.type_of(f"keras.layers.{name}") is not None


def _first_statement(bench: Bench) -> ast.stmt | None:
    tree = bench.tree(bench.path)
    for node in tree.body if tree is not None else ():
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            continue
        return node
    return None


def _near(name: str, known: Iterable[str]) -> list[str]:
    return list(get_close_matches(name, [each for each in known if each != name], 4, 0.5))


def _defined(bench: Bench) -> dict[str, None]:
    """Names that the file binds before the failing line."""
    line = bench.told.finding.span.line
    found: dict[str, None] = {}
    for node in bench.walk(bench.path):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.lineno <= line:
            found[node.id] = None
        elif isinstance(node, ast.arg):
            found[node.arg] = None
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found[node.name] = None
    return found


def _keys(bench: Bench) -> Iterator[Candidate]:
    node = bench.node
    if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Constant):
        return
    key = node.slice.value
    known = [each.strip("'\"") for each in bench.fault.known]  # type: ignore[attr-defined]
    near = get_close_matches(str(key), known, 3, 0.4) if isinstance(key, str) else []
    quote = bench.text(bench.path, node.slice)[:1]
    part = [each for each in known if isinstance(key, str) and (each in key or key in each)]
    for number, other in enumerate(dict.fromkeys([*near, *part])):
        text = f"{quote}{other}{quote}" if quote in "'\"" else other
        yield Candidate(
            f"{bench.text(bench.path, node.value)}[{text}]",
            [bench.replace(bench.path, node.slice, text)],
            UNSAFE,
            number,
        )


def _attributes(bench: Bench) -> Iterator[Candidate]:
    node = bench.node
    if isinstance(node, ast.Call):
        node = node.func
    if not isinstance(node, ast.Attribute):
        return
    base = bench.text(bench.path, node.value)
    for number, other in enumerate(bench.fault.similar):  # type: ignore[attr-defined]
        text = f"{base}.{other}"
        yield Candidate(text, [bench.replace(bench.path, node, text)], UNSAFE, 1 + number)
    numpy = bench.module(bench.path, "numpy")
    if bench.fault.owner in ("list", "tuple") and numpy is not None:  # type: ignore[attr-defined]
        yield Candidate(
            f"{numpy}.array({base})", [bench.replace(bench.path, node.value, f"{numpy}.array({base})")], UNSAFE, 1
        )
