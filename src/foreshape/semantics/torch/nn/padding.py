"""``F.pad`` and the padding modules. Follows ``aten/src/ATen/native/PadNd.cpp`` and ``torch/nn/modules/padding.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    Shape,
    Typed,
    Value,
    as_dim,
    as_str,
    is_none,
)
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.torch.nn.base import MODULE, NONE, forward_rule, init_module, ints_of, kept
from foreshape.semantics.torch.nn.common import certainly, ntuple, rank_fault
from foreshape.semantics.torch.support import (
    error,
    invalid,
    must_be,
    not_implemented,
    python_type,
    required,
    shown,
    tensor,
    unknown_tensor,
    wrong_rank,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

CONSTANT = Const("constant")
MODES = ("constant", "reflect", "replicate", "circular")
SUPPORTED = """
Supported combinations for non-constant padding:
  - 2D or 3D input: padding size = 2 (pads last dimension)
  - 3D or 4D input: padding size = 4 (pads last 2 dimensions)
  - 4D or 5D input: padding size = 6 (pads last 3 dimensions)"""
AXES = {1: "W", 2: "H", 3: "D"}


def _sizes(cx: Context, value: Value) -> Shape | None:
    """The numbers of ``pad``; None where they are not known."""
    items = ints_of(value)
    if items is None:
        if isinstance(value, (Const, Typed)) or as_dim(value) is not None:
            raise must_be(cx, "pad", "pad", 2, "tuple of ints", value)
        return None
    found: list[DimLike] = []
    for place, item in enumerate(items):
        size = as_dim(item)
        if size is None and isinstance(item, (Const, Typed)) and python_type(item) not in ("int", "bool"):
            wanted = f"tuple of ints, but found element of type {python_type(item)} at pos {place}"
            message = f"pad(): argument 'pad' (position 2) must be {wanted}"
            raise invalid(cx, "TypeError", message, "pad", cx.text(item), item)
        found.append(cx.fresh(lo=0) if size is None else cx.resolve(size))
    return tuple(found)


@rule("torch.nn.functional.pad")
def pad(cx: Context, input: Value, pad: Value, mode: Value = CONSTANT, value: Value = NONE) -> Value:
    """The last axis by the first two numbers, the one before by the next two, and so on."""
    x = required(cx, input, "pad")
    if x is None:
        return unknown_tensor(cx, input)
    pads = _sizes(cx, pad)
    word = as_str(mode)
    if word is not None and word not in MODES:
        raise invalid(cx, "NotImplementedError", f"Unrecognised padding mode {word}", "mode", repr(word), x)
    if x.shape is None or pads is None:
        return tensor(cx, None if x.shape is None else tuple(cx.fresh(lo=0) for _ in x.shape), x.dtype, x)
    if len(pads) % 2:
        raise invalid(cx, "RuntimeError", "Padding length must be divisible by 2", "pad", shown(pads), x)
    if len(pads) > 2 * len(x.shape):
        message = (
            "Padding length should be less than or equal to two times the input dimension but got padding length "
            f"{len(pads)} and input of dimension {len(x.shape)}"
        )
        raise wrong_rank(cx, "RuntimeError", message, "pad", x, len(pads) // 2, at_least=True)
    if word in ("reflect", "replicate", "circular"):
        _check_mode(cx, x, pads, word, value)
    elif isinstance(value, Const) and isinstance(value.value, str):
        raise must_be(cx, "pad", "value", 4, "float", value)
    shape = padded(cx, x.shape, pads)
    for size in shape[len(x.shape) - len(pads) // 2 :]:
        if certainly(cx, size, 0) and word in ("constant", None):
            raise invalid(cx, "RuntimeError", "narrow(): length must be non-negative.", "pad", shown(pads), x)
    return tensor(cx, shape, x.dtype, x, roles=x.roles)


def padded(cx: Context, shape: Shape, pads: Shape) -> Shape:
    """The sizes after padding."""
    sizes = list(shape)
    for place in range(len(pads) // 2):
        sizes[-1 - place] = cx.resolve(sizes[-1 - place] + pads[2 * place] + pads[2 * place + 1])
    return tuple(sizes)


def _check_mode(cx: Context, x: Array, pads: Shape, word: str, value: Value) -> None:
    assert x.shape is not None
    given = value.value if isinstance(value, Const) else None
    if given is not None and given != 0:
        message = f'Padding mode "{word}" doesn\'t take in value argument'
        raise invalid(cx, "RuntimeError", message, "value", given, x)
    n, rank = len(pads) // 2, len(x.shape)
    if n not in (1, 2, 3) or rank not in (n + 1, n + 2):
        message = f"Padding size {len(pads)} is not supported for {rank}D input tensor.{SUPPORTED}"
        fits = n in (1, 2, 3)
        if fits:
            raise rank_fault(cx, "NotImplementedError", message, "pad", x, n + 2)
        raise invalid(cx, "NotImplementedError", message, "pad", shown(pads), x)
    if word == "circular":
        _check_circular(cx, x, pads, n)
        return
    if rank == n + 2 or word == "reflect":
        _check_filled(cx, x, n)
    if word == "reflect":
        for place in range(n):
            _check_reflection(cx, x, pads, place)
    lengths = {}
    for place in range(n):
        lengths[place] = x.shape[-1 - place] + pads[2 * place] + pads[2 * place + 1]
    if any(certainly(cx, size, 1) for size in lengths.values()):
        before = ", ".join(f"{AXES[place + 1]}: {x.shape[-1 - place]}" for place in range(n - 1, -1, -1))
        after = " ".join(f"{AXES[place + 1]}: {lengths[place]}" for place in range(n - 1, -1, -1))
        message = f"input ({before}) is too small. Calculated output {after}"
        raise invalid(cx, "RuntimeError", message, "pad", shown(pads), x)
    if x.dtype == "bool":
        kernel = f"{'reflection' if word == 'reflect' else 'replication'}_pad{n}d"
        raise not_implemented(cx, kernel, x, "pad")


def _check_filled(cx: Context, x: Array, n: int) -> None:
    assert x.shape is not None
    rank = len(x.shape)
    start = 1 if rank == n + 2 else 0
    if any(isinstance(size, int) and size == 0 for size in x.shape[start:]):
        message = (
            f"Expected {n + 1}D or {n + 2}D (batch mode) tensor with possibly 0 batch size and other non-zero "
            f"dimensions for input, but got: {shown(x.shape)}"
        )
        raise rank_fault(cx, "RuntimeError", message, "pad", x, n + 2)


def _check_reflection(cx: Context, x: Array, pads: Shape, place: int) -> None:
    from foreshape.domain.compare import ge
    from foreshape.faults.window_size import WindowSize

    assert x.shape is not None
    size, left, right = x.shape[-1 - place], pads[2 * place], pads[2 * place + 1]
    for amount in (left, right):
        if ge(size, amount + 1, cx.facts).is_no:
            axis = len(x.shape) - 1 - place
            message = (
                f"Argument #{4 + 2 * place}: Padding size should be less than the corresponding input dimension, but "
                f"got: padding ({left}, {right}) at dimension {axis} of input {shown(x.shape)}"
            )
            raise WindowSize(
                error(cx, "RuntimeError", message), values=(x,), taker="reflection padding", window=amount + 1,
                size=size, axis=axis, shape=x.shape,
            )  # fmt: skip


def _check_circular(cx: Context, x: Array, pads: Shape, n: int) -> None:
    from foreshape.domain.compare import ge
    from foreshape.faults.window_size import WindowSize

    assert x.shape is not None
    for place in range(n - 1, -1, -1):
        size = x.shape[-1 - place]
        for amount in pads[2 * place : 2 * place + 2]:
            if ge(size, amount, cx.facts).is_no:
                raise WindowSize(
                    error(cx, "RuntimeError", "Padding value causes wrapping around more than once."), values=(x,),
                    taker="circular padding", window=amount, size=size, axis=len(x.shape) - 1 - place, shape=x.shape,
                )  # fmt: skip
        if certainly(cx, size + pads[2 * place] + pads[2 * place + 1], 0):
            message = "Negative padding value is resulting in an empty dimension"
            raise invalid(cx, "RuntimeError", message, "pad", shown(pads), x)


# -- modules ----------------------------------------------------------------------------------------------------------

KINDS = {"ReflectionPad": "reflect", "ReplicationPad": "replicate", "CircularPad": "circular", "ZeroPad": "constant"}


def _module(kind: str, n: int) -> None:
    name = library_type(f"torch.nn.{kind}{n}d", MODULE)
    mode = Const(KINDS[kind])

    @rule(f"{name}.__init__")
    def init(cx: Context, self: Instance, padding: Value) -> Value:
        """One number for all sides, or one per side, the last axis first."""
        init_module(cx, self)
        kept(cx, self, padding=ntuple(padding, 2 * n))
        if kind == "ZeroPad":
            kept(cx, self, value=Const(0.0))
        return NONE

    @forward_rule(f"{name}.forward")
    def forward(cx: Context, self: Instance, input: Value) -> Value:
        """``F.pad``."""
        if kind == "CircularPad":
            _check_rank(cx, self, input, n)
        return pad(cx, input, self.fields["padding"], mode)


def _check_rank(cx: Context, self: Instance, input: Value, n: int) -> None:
    if isinstance(input, Array) and input.shape is not None and len(input.shape) not in (n + 1, n + 2):
        message = f"expected {n + 1}D or {n + 2}D input (got {len(input.shape)}D input)"
        raise rank_fault(cx, "ValueError", message, self.cls.name.rpartition(".")[2], input, n + 2)


def _constant(n: int) -> None:
    name = library_type(f"torch.nn.ConstantPad{n}d", MODULE)

    @rule(f"{name}.__init__")
    def init(cx: Context, self: Instance, padding: Value, value: Value) -> Value:
        """One number for all sides, or one per side, the last axis first."""
        init_module(cx, self)
        kept(cx, self, padding=ntuple(padding, 2 * n), value=value)
        return NONE

    @forward_rule(f"{name}.forward")
    def forward(cx: Context, self: Instance, input: Value) -> Value:
        """``F.pad`` with a constant."""
        value = self.fields["value"]
        return pad(cx, input, self.fields["padding"], CONSTANT, NONE if is_none(value) else value)


for _n in (1, 2, 3):
    _constant(_n)
    for _kind in KINDS:
        _module(_kind, _n)
