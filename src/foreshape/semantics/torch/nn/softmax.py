"""``softmax`` and its family: functions, methods and modules.

Follows ``torch/nn/functional.py``. Without ``dim``, ``F.softmax`` takes axis 0 of one or three axes and axis 1 of two or four.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array, Const, Instance, Sequence, Value, as_int, is_none
from foreshape.faults.rank_mismatch import RankMismatch
from foreshape.faults.unsupported_data import UnsupportedData
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.torch.declare import op
from foreshape.semantics.torch.nn.base import MODULE, follows, init_module, kept
from foreshape.semantics.torch.nn.demands import MINUS_ONE, asked_for, surely_plain
from foreshape.semantics.torch.silent import note_softmax
from foreshape.semantics.torch.support import (
    axis_in,
    dtype_argument,
    error,
    is_floating,
    is_integral,
    must_be,
    not_implemented,
    open_dtype,
    python_type,
    tensor,
    wrong_dtype,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC: Final = "https://docs.pytorch.org/docs/stable/generated/torch.nn."
FALSE: Final = Const(False)


def implicit_axis(rank: int) -> int:
    """``_get_softmax_dim``."""
    return 0 if rank in (0, 1, 3) else 1


def along(
    cx: Context, x: Array, dim: Value, dtype: Value | None, name: str, position: int = 1, *, implicit: bool = False
) -> Value:  # fmt: skip
    """``x.softmax(dim, dtype)``: the same shape; values in (0, 1), of the logarithm at most 0."""
    if surely_plain(dim) and python_type(dim) not in ("int", "bool"):
        raise must_be(cx, name, "dim", position, "int", dim)
    result = dtype_argument(cx, dtype, x.dtype, name)
    axis = as_int(dim)
    if is_integral(result):
        last = x.shape is not None and axis is not None and (axis in (-1, len(x.shape) - 1) or not x.shape)
        kernel = f"{'log_softmax' if name == 'log_softmax' else 'softmax'}_lastdim_kernel_impl"
        if not last:
            kernel = kernel.replace("_lastdim", "")
        if axis is not None and x.shape is not None:
            axis_in(cx, name, axis, len(x.shape), x)
        raise not_implemented(cx, kernel, x.replace(dtype=result), name, recover=x)
    if x.shape is not None and axis is not None:
        axis_in(cx, name, axis, len(x.shape), x, recover=x)
    if open_dtype(dtype):
        result = None
    bounds = (None, 0.0) if name == "log_softmax" else (0.0, 1.0)
    made = tensor(cx, x.shape, result, x, lo=bounds[0], hi=bounds[1], roles=x.roles)
    if axis is not None and x.shape:
        # for the losses that take a softmax themselves; good as long as the shape is still the same
        made.meta = {**made.meta, "softmax": (name, axis % len(x.shape), x.shape)}
        note_softmax(cx, name, x, axis % len(x.shape), implicit)
    return made


@op("softmax", "special.softmax")
def softmax(cx: Context, input: Array, dim: Value, dtype: Value | None = None, *, out: Value | None = None) -> Value:
    """Positive numbers whose sum along ``dim`` is 1."""
    return along(cx, input, dim, dtype, "softmax")


@op("log_softmax", "special.log_softmax")
def log_softmax(
    cx: Context, input: Array, dim: Value, dtype: Value | None = None, *, out: Value | None = None
) -> Value:
    """Their logarithms."""
    return along(cx, input, dim, dtype, "log_softmax")


# -- functions --------------------------------------------------------------------------------------------------------


def functional(cx: Context, input: Value, dim: Value | None, dtype: Value | None, name: str) -> Value:
    """``F.softmax``: Python code that calls the method."""
    method = "softmax" if name == "softmin" else name
    if name == "softmin":
        input = cx.rule("torch.neg", input) if isinstance(input, Array) else input
    wanted = "dim" if is_none(dim) else method
    if name == "softmin" and isinstance(input, Sequence):
        message = f"bad operand type for unary -: '{input.kind}'"
        raised = error(cx, "TypeError", message)
        raise UnsupportedData(raised, values=(input,), taker="softmin", given=input.kind)
    x = asked_for(cx, input, name, wanted)
    if x is None:
        return follows(cx, input)
    if name == "softmin" and x.tainted:
        return x
    implicit = is_none(dim) or dim is None
    if implicit or dim is None:
        if x.shape is None:
            return tensor(cx, None, x.dtype, x)
        dim = Const(implicit_axis(len(x.shape)))
    return along(cx, x, dim, dtype, method, implicit=implicit)


@rule("torch.nn.functional.softmax", doc=f"{DOC}functional.softmax.html")
def f_softmax(
    cx: Context, input: Value, dim: Value | None = None, _stacklevel: Value | None = None, dtype: Value | None = None
) -> Value:
    """Along ``dim``; without it along axis 0 or 1, depending on the number of axes."""
    return functional(cx, input, dim, dtype, "softmax")


@rule("torch.nn.functional.log_softmax", doc=f"{DOC}functional.log_softmax.html")
def f_log_softmax(
    cx: Context, input: Value, dim: Value | None = None, _stacklevel: Value | None = None, dtype: Value | None = None
) -> Value:
    """The logarithm of the softmax."""
    return functional(cx, input, dim, dtype, "log_softmax")


@rule("torch.nn.functional.softmin", doc=f"{DOC}functional.softmin.html")
def f_softmin(
    cx: Context, input: Value, dim: Value | None = None, _stacklevel: Value | None = None, dtype: Value | None = None
) -> Value:
    """The softmax of the negative."""
    return functional(cx, input, dim, dtype, "softmin")


@rule("torch.nn.functional.gumbel_softmax", doc=f"{DOC}functional.gumbel_softmax.html")
def gumbel_softmax(
    cx: Context, logits: Value, tau: Value | None = None, hard: Value = FALSE, eps: Value | None = None,
    dim: Value = MINUS_ONE,
) -> Value:  # fmt: skip
    """A softmax with noise; with ``hard`` one-hot."""
    x = asked_for(cx, logits, "gumbel_softmax", "exponential_")
    if x is None:
        return follows(cx, logits)
    if x.dtype is not None and not is_floating(x.dtype):
        from foreshape.semantics.torch.support import scalar_name

        message = (
            "Exponential distribution is a continuous probability distribution. dtype must be a floating point but you "
            f"specified {scalar_name(x.dtype)}"
        )
        raise wrong_dtype(cx, "RuntimeError", message, "gumbel_softmax", x, recover=x)
    return along(cx, x, dim, None, "softmax")


# -- modules ----------------------------------------------------------------------------------------------------------


def _module(name: str) -> None:
    library_type(f"torch.nn.{name}", MODULE)

    @rule(f"torch.nn.{name}.__init__", doc=f"{DOC}{name}.html")
    def init(cx: Context, self: Instance, dim: Value | None = None) -> None:
        """``dim``: chosen by the number of axes where it is not given."""
        init_module(cx, self)
        kept(cx, self, dim=dim)

    @rule(f"torch.nn.{name}.forward")
    def forward(cx: Context, self: Instance, input: Value) -> Value:
        """The same shape."""
        short = {"Softmax": "softmax", "LogSoftmax": "log_softmax", "Softmin": "softmin"}[name]
        return functional(cx, input, self.fields.get("dim"), None, short)


for _name in ("Softmax", "LogSoftmax", "Softmin"):
    _module(_name)

library_type("torch.nn.Softmax2d", MODULE)


@rule("torch.nn.Softmax2d.__init__", doc=f"{DOC}Softmax2d.html")
def softmax2d_init(cx: Context, self: Instance) -> None:
    """No arguments."""
    init_module(cx, self)


@rule("torch.nn.Softmax2d.forward")
def softmax2d_forward(cx: Context, self: Instance, input: Value) -> Value:
    """Over the channels of (batch, channels, height, width), or without batch."""
    x = asked_for(cx, input, "Softmax2d")
    if x is None or x.shape is None:
        return follows(cx, input) if x is None else tensor(cx, None, x.dtype, x)
    if len(x.shape) not in (3, 4):
        message = f"Softmax2d: expected input to be 3D or 4D, got {len(x.shape)}D instead"
        raise RankMismatch(
            error(cx, "ValueError", message), values=(x,), recover=x, taker="Softmax2d", needs=4,
            axes=("batch", "channels", "height", "width"), got=x.shape,
        )  # fmt: skip
    return along(cx, x, Const(-3), None, "softmax")
