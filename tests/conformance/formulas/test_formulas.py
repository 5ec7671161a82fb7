"""The shared formulas against torch and Keras, where they do not do what NumPy does."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from typing import Any

import pytest

from foreshape.semantics.shared.conv import conv_length, transposed_length, transposed_length_by_word
from foreshape.semantics.shared.index import ArrayIndex, BoolIndex, index_shape
from foreshape.semantics.shared.matmul import einsum, matmul
from foreshape.semantics.shared.reshape import flatten, reshape, squeeze
from foreshape.semantics.shared.result import Result, ShapeError

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")


def _real(function: Callable[[], Any]) -> tuple[int, ...] | None:
    try:
        return tuple(function().shape)
    except (RuntimeError, IndexError, ValueError, TypeError):
        return None


def _ours(function: Callable[[], Any]) -> tuple[int, ...] | None:
    try:
        result = function()
    except ShapeError:
        return None
    if isinstance(result, Result):
        return None if result.ok.is_no else result.shape  # type: ignore[return-value]
    return tuple(result)


def test_torch_convolution_and_pooling() -> None:
    torch = pytest.importorskip("torch")
    f = torch.nn.functional
    wrong = []
    for n, k, s, p, d, c in itertools.product(range(1, 9), (1, 2, 3), (1, 2, 3), (0, 1), (1, 2), (False, True)):
        x = torch.ones(1, 1, n)
        size, need = conv_length(n, k, s, p, d, ceil_mode=c)
        ours = None if need is None or need.truth.is_no else (1, 1, size)
        if not c:
            real = _real(lambda x=x, k=k, s=s, p=p, d=d: f.conv1d(x, torch.ones(1, 1, k), None, s, p, d))
            if real != ours:
                wrong.append(("conv", n, k, s, p, d, real, ours))
        if 2 * p <= k:
            real = _real(lambda x=x, k=k, s=s, p=p, d=d, c=c: f.max_pool1d(x, k, s, p, d, c))
            if ours is not None and isinstance(size, int) and size < 1:
                ours = None
            if real != ours:
                wrong.append(("pool", n, k, s, p, d, c, real, ours))
    assert not wrong, wrong[:10]


def test_torch_transposed_convolution() -> None:
    torch = pytest.importorskip("torch")
    f = torch.nn.functional
    wrong = []
    for n, k, s, p, o, d in itertools.product((1, 4), (1, 2, 3, 4), (1, 2, 3), (0, 1), (0, 1), (1, 2)):
        if o >= max(s, d):
            continue
        x, w = torch.ones(1, 1, n), torch.ones(1, 1, k)
        real = _real(lambda x=x, w=w, s=s, p=p, o=o, d=d: f.conv_transpose1d(x, w, None, s, p, o, 1, d))
        size = transposed_length(n, k, s, p, o, d)
        assert isinstance(size, int)
        if real != ((1, 1, size) if size > 0 else None):
            wrong.append((n, k, s, p, o, d, real, size))
    assert not wrong, wrong[:10]


def test_keras_convolution_lengths() -> None:
    pytest.importorskip("keras", minversion="3")
    from keras.src.backend.common.backend_utils import compute_conv_transpose_output_shape
    from keras.src.ops.operation_utils import compute_conv_output_shape

    wrong = []
    for n, k, s, word, d in itertools.product((4, 7, 8), (1, 2, 3, 4), (1, 2, 3), ("valid", "same", "causal"), (1, 2)):
        args = ((1, n, 1), 1, (k,), s, word, "channels_last", d)
        real = _attempt(lambda a=args: compute_conv_output_shape(*a))
        size, need = conv_length(n, k, s, word, d)
        ours = None if need is not None and need.truth.is_no else size
        if real != ours:
            wrong.append((n, k, s, word, d, real, ours))
        if word == "causal":
            continue
        for o in (None, 0, 1):
            real = _attempt(
                lambda n=n, k=k, s=s, w=word, d=d, o=o: compute_conv_transpose_output_shape(
                    (1, n, 1), (k,), 1, s, w, o, "channels_last", d
                )
            )
            ours = transposed_length_by_word(n, k, s, word, o, d)
            if real != ours:
                wrong.append(("transposed", n, k, s, word, d, o, real, ours))
    assert not wrong, wrong[:10]


def _attempt(function: Callable[[], Any]) -> Any:
    try:
        return function()[1]
    except ValueError:
        return None


ARRAYS = [ArrayIndex((2,)), ArrayIndex((2, 1)), BoolIndex((2,), 1)]
INDICES: list[Any] = [0, -1, 9, None, ..., slice(None), slice(1, None), *ARRAYS]


def test_torch_indexing() -> None:
    torch = pytest.importorskip("torch")

    def as_torch(item: Any) -> Any:
        if isinstance(item, ArrayIndex):
            return torch.zeros(item.shape, dtype=torch.long)
        if isinstance(item, BoolIndex):
            return torch.tensor([True, False])
        return item

    x = torch.ones(2, 3, 2, 4)
    wrong = []
    for count in (1, 2, 3):
        for items in itertools.product(INDICES, repeat=count):
            if items.count(...) > 1:
                continue  # torch takes a second one for nothing
            real = _real(lambda items=items: x[tuple(as_torch(item) for item in items)])
            ours = _ours(lambda items=items: index_shape((2, 3, 2, 4), items, ints_are_basic=True))
            if real != ours:
                wrong.append((items, real, ours))
    assert not wrong, wrong[:10]


EQUATIONS = ["ij,jk->ik", "ij,jk", "bij,bjk->bik", "i...->...", "i...->i", "ii->i", "...i,...i->...", "ij->", "ij,ij"]


def test_torch_einsum() -> None:
    torch = pytest.importorskip("torch")
    shapes = [(2,), (2, 3), (3, 2), (2, 2), (1, 3), (2, 1), (2, 2, 3), (2, 3, 2)]
    wrong = []
    for equation in EQUATIONS:
        for trial in itertools.product(shapes, repeat=equation.count(",") + 1):
            real = _real(lambda e=equation, t=trial: torch.einsum(e, *(torch.ones(s) for s in t)))
            ours = _ours(lambda e=equation, t=trial: einsum(e, t, sums_ellipsis=True))
            if real != ours:
                wrong.append((equation, trial, real, ours))
    assert not wrong, wrong[:10]


def test_torch_matmul_and_axes() -> None:
    torch = pytest.importorskip("torch")
    shapes = [(), (2,), (3,), (2, 3), (3, 2), (1, 3), (2, 2, 3), (4, 3, 2), (1, 3, 2), (4, 1, 2, 3)]
    wrong = []
    for a, b in itertools.product(shapes, repeat=2):
        real = _real(lambda a=a, b=b: torch.matmul(torch.ones(a), torch.ones(b)))
        ours = _ours(lambda a=a, b=b: matmul(a, b))
        if real != ours:
            wrong.append((a, b, real, ours))
    for shape in shapes:
        for axis in range(-4, 4):
            real = _real(lambda s=shape, i=axis: torch.squeeze(torch.ones(s), i))
            ours = _ours(lambda s=shape, i=axis: squeeze(s, i, strict=False))
            if real != ours:
                wrong.append(("squeeze", shape, axis, real, ours))
            real = _real(lambda s=shape, i=axis: torch.flatten(torch.ones(s), i))
            ours = _ours(lambda s=shape, i=axis: flatten(s, i))
            if real != ours:
                wrong.append(("flatten", shape, axis, real, ours))
        for target in ([-1], [3, -1], [2, 3], [-1, 0], [1, -1, 1], [-1, -1]):
            real = _real(lambda s=shape, t=target: torch.reshape(torch.ones(s), t))
            ours = _ours(lambda s=shape, t=target: reshape(s, t))
            if real != ours:
                wrong.append(("reshape", shape, target, real, ours))
    assert not wrong, wrong[:10]
