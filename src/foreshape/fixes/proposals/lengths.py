"""Convolutions and poolings that leave too little, or another length than the branch beside them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.proposals.common import class_of, same_padding
from foreshape.fixes.proposals.numbers import resized

if TYPE_CHECKING:
    from foreshape.fixes.bench import Bench


def propose(bench: Bench) -> Iterator[Candidate]:
    for value in bench.fault.values:
        yield from same_padding(bench, value, 1)
    layer = bench.layer()
    if layer is None:
        return
    path, call = layer
    if class_of(call) == "TimeDistributed" and call.args and isinstance(call.args[0], ast.Call):
        call = call.args[0]
    if bench.fault.name == "window-size":
        kept = bench.set_keyword(path, call, "padding", '"same"')
        yield Candidate('padding="same"', [kept], UNSAFE, 0)
        size, window = bench.fault.size, bench.fault.window  # type: ignore[attr-defined]
        for name, position in (("kernel_size", 1), ("pool_size", 0)):
            given = bench.argument(call, name, position)
            if given is not None and isinstance(size, int) and isinstance(window, int) and size > 0:
                yield from resized(bench, path, given, size, window, 2)
        gone = bench.without_layer(path, call)
        if gone:
            yield Candidate("without this layer", gone, UNSAFE, 2)
