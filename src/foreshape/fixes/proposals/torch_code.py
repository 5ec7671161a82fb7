"""Slips of writing a module of PyTorch: a method misspelt, super().__init__() left out, an argument too many."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from foreshape.fixes.candidate import SAFE, UNSAFE, Candidate
from foreshape.fixes.edits import Splice
from foreshape.fixes.proposals.torch_places import message, swapped

if TYPE_CHECKING:
    from foreshape.fixes.bench import Bench

ARGUMENTS: Final = (
    "batch_first", "bidirectional", "hidden_size", "input_size", "num_layers", "dropout", "bias", "in_features",
    "out_features", "in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "groups", "padding_mode",
    "num_embeddings", "embedding_dim", "padding_idx", "num_heads", "embed_dim", "kdim", "vdim", "d_model", "nhead",
    "dim_feedforward", "num_features", "normalized_shape", "batch_size", "shuffle", "drop_last", "collate_fn", "num_workers",
    "dim", "keepdim", "dtype", "device", "requires_grad", "reduction", "weight", "ignore_index", "label_smoothing", "lr",
    "weight_decay", "momentum", "betas", "start_dim", "end_dim", "enforce_sorted", "padding_value", "total_length", "proj_size",
)  # fmt: skip


def propose(bench: Bench) -> Iterator[Candidate]:
    name = bench.fault.name
    if name == "missing-super-init":
        yield from _initialised(bench)
    elif name == "missing-attribute":
        yield from _attributes(bench)
    elif name == "missing-key":
        yield from _keys(bench)
    elif name == "call-arguments":
        yield from _arguments(bench)
    elif name == "invalid-argument" and 'missing the required "forward"' in message(bench):
        yield from _forward(bench)
    elif name == "invalid-argument" and "device type at start of device string" in message(bench):
        yield from _device(bench)
    elif name == "invalid-argument" and message(bench).startswith("batch_size should be"):
        yield from _pairs(bench)


def _device(bench: Bench) -> Iterator[Candidate]:
    """``"cuda"`` for ``"gpu"``."""
    for each in ast.walk(bench.node) if isinstance(bench.node, ast.Call) else ():
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and each.value in message(bench):
            yield Candidate('"cuda"', [bench.replace(bench.path, each, '"cuda"')], UNSAFE, -1)


def _pairs(bench: Bench) -> Iterator[Candidate]:
    """``DataLoader(TensorDataset(x, y))`` for ``DataLoader(x, y)``."""
    node = bench.node
    if not isinstance(node, ast.Call) or len(node.args) < 2:
        return
    spelt = bench.module(bench.path, "torch.utils.data.TensorDataset") or "torch.utils.data.TensorDataset"
    if spelt != "TensorDataset" and bench.module(bench.path, "torch") is None:
        return
    edits = [
        bench.before(bench.path, node.args[0], f"{spelt}("),
        bench.after(bench.path, node.args[1], ")"),
    ]
    first, second = (bench.text(bench.path, each) for each in node.args[:2])
    yield Candidate(f"{spelt}({first}, {second})", edits, UNSAFE, -2)


def _initialised(bench: Bench) -> Iterator[Candidate]:
    """``super().__init__()`` as the first statement."""
    for each in bench.walk(bench.path):
        if isinstance(each, ast.ClassDef) and each.name == bench.fault.cls:  # type: ignore[attr-defined]
            for method in each.body:
                if isinstance(method, ast.FunctionDef) and method.name == "__init__":
                    first = method.body[0]
                    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and len(method.body) > 1:
                        first = method.body[1]
                    line = bench.line_before(bench.path, first, "super().__init__()")
                    if line is not None:
                        yield Candidate("super().__init__()", [line], SAFE, -1)


def _attributes(bench: Bench) -> Iterator[Candidate]:
    """The attribute that was meant: every time that it is asked for."""
    wrong: str = bench.fault.attribute  # type: ignore[attr-defined]
    node = bench.node
    if wrong == "next" and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args:
        text = f"next({bench.text(bench.path, node.func.value)})"
        yield Candidate(text, [bench.replace(bench.path, node, text)], SAFE, -2)
    known: dict[str, None] = {}
    for each in bench.walk(bench.path):
        if isinstance(each, ast.ClassDef) and each.name == bench.fault.owner:  # type: ignore[attr-defined]
            for inner in ast.walk(each):
                if isinstance(inner, ast.Attribute) and isinstance(inner.ctx, ast.Store):
                    known[inner.attr] = None
                elif isinstance(inner, ast.FunctionDef):
                    known[inner.name] = None
                elif isinstance(inner, (ast.Assign, ast.AnnAssign)) and inner in each.body:
                    targets = inner.targets if isinstance(inner, ast.Assign) else [inner.target]
                    known.update((target.id, None) for target in targets if isinstance(target, ast.Name))
    near = get_close_matches(wrong, list(known), 3, 0.5)
    near = sorted(near, key=lambda each: each not in wrong and wrong not in each)
    for number, other in enumerate(near):
        edits = []
        for each in bench.walk(bench.path):
            if isinstance(each, ast.Attribute) and each.attr == wrong and isinstance(each.ctx, ast.Load):
                text = f"{bench.text(bench.path, each.value)}.{other}"
                edits.append(bench.replace(bench.path, each, text))
        if edits:
            yield Candidate(edits[0].text, edits, UNSAFE, number)


def _keys(bench: Bench) -> Iterator[Candidate]:
    """A key that is spelt elsewhere: in what is looped over, in an argument."""
    fault = bench.fault
    wrong = fault.key.strip("'\"")  # type: ignore[attr-defined]
    known = [each.strip("'\"") for each in fault.known]  # type: ignore[attr-defined]
    near = get_close_matches(wrong, known, 2, 0.4)
    for each in bench.walk(bench.path):
        if isinstance(each, ast.Constant) and each.value == wrong:
            quote = bench.text(bench.path, each)[:1]
            for number, other in enumerate(near):
                if quote in "'\"":
                    yield swapped(bench, each, f"{quote}{other}{quote}", 1 + number)


def _arguments(bench: Bench) -> Iterator[Candidate]:
    text = message(bench)
    node = bench.node
    if not isinstance(node, ast.Call):
        return
    if "unexpected keyword argument" in text:
        for keyword in node.keywords:
            if keyword.arg is None or f"'{keyword.arg}'" not in text:
                continue
            for number, other in enumerate(get_close_matches(keyword.arg, ARGUMENTS, 2, 0.7)):
                if bench.keyword(node, other) is None:
                    new = f"{other}={bench.text(bench.path, keyword.value)}"
                    yield Candidate(
                        new, [bench.replace(bench.path, keyword, new)], SAFE if not number else UNSAFE, number - 1
                    )
    elif "positional argument" in text and "were given" in text and len(node.args) > 1:
        gone = bench.drop(bench.path, node.args, len(node.args) - 1)
        if gone is not None:
            yield Candidate(f"without {bench.text(bench.path, node.args[-1])}", [gone], UNSAFE, 1)


def _forward(bench: Bench) -> Iterator[Candidate]:
    """``forward`` where it is spelt nearly so."""
    for each in bench.walk(bench.path):
        if not isinstance(each, ast.FunctionDef) or not get_close_matches("forward", [each.name], 1, 0.6):
            continue
        if isinstance(bench.parent(bench.path, each), ast.ClassDef):
            row, column, _, _ = bench.sources.file(bench.path).span(each)
            line = bench.sources.line(bench.path, row)
            start = line.find(each.name, column - 1)
            if start >= 0:
                one = Splice(bench.path, row, start + 1, row, start + 1 + len(each.name), "forward")
                yield Candidate("def forward(...)", [one], SAFE, 0)
