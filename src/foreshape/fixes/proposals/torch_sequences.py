"""Tensors of PyTorch that a layer of sequences or a product of batches takes otherwise: maps read column by column,
weights of one row per sample."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.proposals.common import class_of
from foreshape.fixes.proposals.torch_places import by_torch, operands, suffixed

if TYPE_CHECKING:
    from foreshape.domain.values import Shape
    from foreshape.fixes.bench import Bench

RECURRENT: Final = ("LSTM", "GRU", "RNN")


def propose(bench: Bench) -> Iterator[Candidate]:
    if not by_torch(bench):
        return
    yield from _columns(bench)
    yield from _weighted(bench)


def _columns(bench: Bench) -> Iterator[Candidate]:
    """Maps (batch, channels, height, width) as sequences along their width, each step all channels of a column."""
    layer = bench.layer()
    shape: Shape = bench.told.shape_of(bench.told.value()) or ()
    given = operands(bench)
    if layer is None or class_of(layer[1]) not in RECURRENT or len(shape) != 4 or not given or 1 in shape[1:]:
        return  # an axis of size one goes first
    channels, height = shape[1], shape[2]
    flag = bench.keyword(layer[1], "batch_first")
    first = flag is not None and bench.text(layer[0], flag.value) == "True"
    order = "0, 3, 1, 2" if first else "3, 0, 1, 2"
    size = bench.argument(layer[1], "input_size", 0)
    text = f".permute({order}).flatten(2)"
    if isinstance(channels, int) and isinstance(height, int) and size is not None:
        edits = [bench.part(bench.path, given[0], text), bench.replace(layer[0], size, str(channels * height))]
        yield Candidate(f"{bench.text(bench.path, given[0])}{text}, input_size {channels * height}", edits, UNSAFE, 0)
    yield suffixed(bench, given[0], text, -1)
    yield suffixed(bench, given[0], ".flatten(2).transpose(1, 2)" if first else ".flatten(2).permute(2, 0, 1)", 1)


def _weighted(bench: Bench) -> Iterator[Candidate]:
    """``bmm(weights, values)`` of one row of weights per sample: the row gets an axis, time goes behind the batch."""
    node = bench.node
    if not isinstance(node, ast.Call) or class_of(node) not in ("bmm", "matmul") or len(node.args) != 2:
        return
    shapes = [bench.told.shape_of(bench.told.value(number)) for number in (0, 1)]
    if shapes[0] is not None and shapes[1] is None:
        shapes[1] = getattr(bench.fault, "other", None)
    first, second = node.args
    row = bench.part(bench.path, first, ".unsqueeze(1)")
    title = f"{bench.text(bench.path, first)}.unsqueeze(1)"
    if shapes[0] is None or len(shapes[0]) != 2:
        return
    yield Candidate(title, [row], UNSAFE, 0)
    edits = [row, bench.part(bench.path, second, ".transpose(0, 1)")]
    yield Candidate(f"{title}, {bench.text(bench.path, second)}.transpose(0, 1)", edits, UNSAFE, 1)
