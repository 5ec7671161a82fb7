"""Attention of PyTorch: masks that are turned, cut or made per head, and which axis is the batch."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.proposals.numbers import resized
from foreshape.fixes.proposals.torch_places import calls_named, operands, similar_names, suffixed, swapped

if TYPE_CHECKING:
    from foreshape.fixes.bench import Bench


def masks(bench: Bench) -> Iterator[Candidate]:
    """A mask turned, cut, or used on what it was made for."""
    node = bench.node
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        for name in similar_names(bench, node.value):
            yield swapped(bench, node.value, name, 0)
        return
    if not isinstance(node, ast.Call):
        return
    yield from batch_first(bench)
    yield from _per_head(bench, node)
    masks = [each.value for each in node.keywords if each.arg is not None and "mask" in each.arg]
    masks += [each for each in operands(bench) if "mask" in bench.text(bench.path, each)]
    for mask in masks:
        text = bench.text(bench.path, mask)
        for ending in (".T", ".t()", ".transpose(0, 1)"):
            if text.endswith(ending):
                yield swapped(bench, mask, text[: -len(ending)], -1)
        yield suffixed(bench, mask, ".T", 1)
        yield suffixed(bench, mask, ".unsqueeze(0)", 2)
        yield suffixed(bench, mask, ".unsqueeze(1)", 2)
        yield suffixed(bench, mask, ".unsqueeze(-1)", 2)
    shape, wanted = bench.fault.mask, bench.fault.shape  # type: ignore[attr-defined]
    for value in bench.fault.values:
        for step in bench.told.steps(value)[:2]:
            call = step.origin.node
            if not isinstance(call, ast.Call) or not call.args:
                continue
            first = call.args[0]
            for each in ast.walk(first):
                if isinstance(each, ast.Name):
                    for name in similar_names(bench, each):
                        yield swapped(bench, each, name, 0, step.origin.path)
            if (
                shape
                and wanted
                and isinstance(shape[-1], int)
                and isinstance(wanted[-1], int)
                and shape[-1] != wanted[-1]
            ):
                yield from resized(bench, step.origin.path, first, wanted[-1], shape[-1], 1)


def batch_first(bench: Bench) -> Iterator[Candidate]:
    """Attention over (batch, time, features): a mask per sample that has its axes the other way round says so."""
    layer = bench.layer()
    shape, wanted = getattr(bench.fault, "mask", ()), getattr(bench.fault, "shape", ())
    turned = bench.fault.name != "mask-shape" or (len(shape) == 2 and tuple(shape) == tuple(wanted)[::-1])
    every = [
        each
        for each in calls_named(bench, "TransformerEncoderLayer", "TransformerDecoderLayer", "Transformer", "MultiheadAttention")
        if bench.keyword(each, "batch_first") is None
    ]  # fmt: skip
    if every and not turned and len(shape) == 2:
        edits = [bench.set_keyword(bench.path, each, "batch_first", "True") for each in every]
        yield Candidate("batch_first=True", edits, UNSAFE, 0)
    if layer is not None and turned and bench.keyword(layer[1], "batch_first") is None:
        one = bench.set_keyword(*layer, "batch_first", "True")
        yield Candidate("batch_first=True", [one], UNSAFE, -1)


def for_every_key(bench: Bench) -> Iterator[Candidate]:
    """One query for every sample of the keys."""
    given, layer = operands(bench), bench.layer()
    if len(given) < 2 or layer is None:
        return
    flag = bench.keyword(layer[1], "batch_first")
    axis = 0 if flag is not None and bench.text(layer[0], flag.value) == "True" else 1
    size = f"{bench.text(bench.path, given[1])}.size({axis})"
    yield suffixed(bench, given[0], f".expand({size}, -1, -1)" if not axis else f".expand(-1, {size}, -1)", 1)


def _per_head(bench: Bench, node: ast.Call) -> Iterator[Candidate]:
    """A mask per sample, where attention wants one per sample and head."""
    shape, wanted = bench.fault.mask, bench.fault.shape  # type: ignore[attr-defined]
    layer = bench.layer()
    held = bench.keyword(node, "attn_mask") or bench.keyword(node, "mask")
    heads = None if layer is None else bench.argument(layer[1], "num_heads", 1) or bench.argument(layer[1], "nhead", 1)
    if held is None or heads is None or len(shape) != 3 or len(wanted) != 3 or shape[1:] != wanted[1:]:
        return
    yield suffixed(bench, held.value, f".repeat_interleave({bench.text(layer[0], heads)}, 0)", -1)  # type: ignore[index]
