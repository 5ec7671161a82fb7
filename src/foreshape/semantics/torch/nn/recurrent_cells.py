"""``nn.RNNCell``, ``nn.LSTMCell``, ``nn.GRUCell``: one timestep, (batch, features) or (features,).

Follows ``torch/nn/modules/rnn.py`` and the checks of ``aten/src/ATen/native/RNN.cpp``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents
from foreshape.domain.values import Array, Const, Instance, Sequence, Shape, Value, as_bool, as_dim, as_str
from foreshape.faults.feature_mismatch import FeatureMismatch
from foreshape.faults.rank_mismatch import RankMismatch
from foreshape.faults.state_shape import StateShape
from foreshape.faults.unsupported_data import UnsupportedData
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.torch.nn.base import (
    MODULE,
    NONE,
    TRUE,
    add_parameter,
    class_name,
    factory,
    follows,
    init_module,
    kept,
)
from foreshape.semantics.torch.nn.demands import asked_for, autocasting, negative_size, no_float_size
from foreshape.semantics.torch.support import error, invalid, python_type, scalar_name, tensor, wrong_dtype

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC: Final = "https://docs.pytorch.org/docs/stable/generated/torch.nn."
BASE: Final = library_type("torch.nn.RNNCellBase", MODULE)
library_type("torch.nn.LSTMCell", BASE)
library_type("torch.nn.RNNCell", BASE)
library_type("torch.nn.GRUCell", BASE)
TANH: Final = Const("tanh")


# -- constructors -----------------------------------------------------------------------------------------------------


def _make(
    cx: Context, self: Instance, input_size: Value, hidden_size: Value, bias: Value, chunks: int, device: Value | None,
    dtype: Value | None,
) -> None:  # fmt: skip
    init_module(cx, self)
    kept(cx, self, input_size=input_size, hidden_size=hidden_size, bias=bias)
    no_float_size(cx, hidden_size, input_size)
    made = factory(cx, dtype, device)
    size, hidden = as_dim(input_size), as_dim(hidden_size)
    rows = None if hidden is None else chunks * hidden
    if rows is not None and size is not None:
        negative_size(cx, rows, size)
    add_parameter(cx, self, "weight_ih", None if rows is None or size is None else (rows, size), made)
    add_parameter(cx, self, "weight_hh", None if rows is None or hidden is None else (rows, hidden), made)
    for name in ("bias_ih", "bias_hh"):
        if as_bool(bias) is False:
            cx.set(self, name, NONE)
        else:
            add_parameter(cx, self, name, None if rows is None else (rows,), made)


@rule("torch.nn.RNNCell.__init__", doc=f"{DOC}RNNCell.html")
def rnn_cell_init(
    cx: Context, self: Instance, input_size: Value, hidden_size: Value, bias: Value = TRUE, nonlinearity: Value = TANH,
    device: Value | None = None, dtype: Value | None = None,
) -> None:  # fmt: skip
    """``nonlinearity``: "tanh" or "relu", looked at when it is called."""
    _make(cx, self, input_size, hidden_size, bias, 1, device, dtype)
    cx.set(self, "nonlinearity", nonlinearity)


@rule("torch.nn.LSTMCell.__init__", doc=f"{DOC}LSTMCell.html")
def lstm_cell_init(
    cx: Context, self: Instance, input_size: Value, hidden_size: Value, bias: Value = TRUE, device: Value | None = None,
    dtype: Value | None = None,
) -> None:  # fmt: skip
    """Four gates."""
    _make(cx, self, input_size, hidden_size, bias, 4, device, dtype)


@rule("torch.nn.GRUCell.__init__", doc=f"{DOC}GRUCell.html")
def gru_cell_init(
    cx: Context, self: Instance, input_size: Value, hidden_size: Value, bias: Value = TRUE, device: Value | None = None,
    dtype: Value | None = None,
) -> None:  # fmt: skip
    """Three gates."""
    _make(cx, self, input_size, hidden_size, bias, 3, device, dtype)


# -- forward ----------------------------------------------------------------------------------------------------------


@rule("torch.nn.RNNCell.forward", "torch.nn.GRUCell.forward")
def cell_forward(cx: Context, self: Instance, input: Value, hx: Value | None = None) -> Value:
    """The next state, (batch, hidden_size)."""
    kind = _kind(self)
    hx = None if isinstance(hx, Const) and hx.value is None else hx
    x = asked_for(cx, input, class_name(self))
    _check_ranks(cx, self, x)
    state = asked_for(cx, hx, f"hx of {class_name(self)}")
    if state is not None and state.shape is not None and len(state.shape) not in (1, 2):
        message = f"{kind}: Expected hidden to be 1D or 2D, got {len(state.shape)}D instead"
        raise _state(cx, self, "ValueError", message, state, None)
    if x is None or x.shape is None:
        return follows(cx, self, input) if x is None else _made(cx, self, None, x, state)
    chosen = self.fields.get("nonlinearity")
    if kind == "RNNCell" and isinstance(chosen, Const) and as_str(chosen) not in ("tanh", "relu"):
        message = f"Unknown nonlinearity: {chosen.value}"
        raise invalid(cx, "RuntimeError", message, "nonlinearity", repr(chosen.value))
    _check_input(cx, self, x)
    _check_state(cx, self, x, state, 0)
    _check_dtypes(cx, self, x, state)
    return _made(cx, self, _next(cx, self, x), x, state)


@rule("torch.nn.LSTMCell.forward")
def lstm_cell_forward(cx: Context, self: Instance, input: Value, hx: Value | None = None) -> Value:
    """The next (h, c), (batch, hidden_size) each."""
    hx = None if isinstance(hx, Const) and hx.value is None else hx
    x = asked_for(cx, input, class_name(self))
    _check_ranks(cx, self, x)
    states = _pair(cx, self, hx)
    if x is None or x.shape is None:
        if x is None:
            return follows(cx, self, input)
        return Sequence("tuple", Contents((_made(cx, self, None, x), _made(cx, self, None, x))))
    _check_input(cx, self, x)
    for number, state in enumerate(states or ()):
        _check_state(cx, self, x, state, number)
    _check_dtypes(cx, self, x, *(states or ()))
    shape = _next(cx, self, x)
    made = tuple(_made(cx, self, shape, x, *(states or ())) for _ in range(2))
    return Sequence("tuple", Contents(made))


def _kind(self: Instance) -> str:
    return (self.library_type or "").rpartition(".")[2]


def _pair(cx: Context, self: Instance, hx: Value | None) -> tuple[Array | None, ...] | None:
    """(h, c); None where they are not given, or not known."""
    name = f"hx of {class_name(self)}"
    if isinstance(hx, Array) and hx.kind == "torch":
        if hx.shape is not None and len(hx.shape) > 0:
            rank = len(hx.shape) - 1
            if rank not in (1, 2):
                raise _hidden_rank(cx, self, hx, 0, rank)
        message = "lstm_cell(): argument 'hx' (position 2) must be tuple of Tensors, not Tensor"
        raise UnsupportedData(error(cx, "TypeError", message), values=(hx,), taker=name, given="one tensor")
    if isinstance(hx, Const):
        message = f"'{python_type(hx)}' object is not iterable"
        raise UnsupportedData(error(cx, "TypeError", message), values=(hx,), taker=name, given=python_type(hx))
    if not isinstance(hx, Sequence):
        return None
    items = hx.contents.items(8)
    if items is None:
        return None
    found = tuple(asked_for(cx, item, name) for item in items)
    for number, one in enumerate(found):
        if one is not None and one.shape is not None and len(one.shape) not in (1, 2):
            raise _hidden_rank(cx, self, one, number, len(one.shape))
    if len(found) != 2:
        message = "lstm_cell expects two hidden states"
        held = tuple(one for one in found if one is not None)
        raise StateShape(
            error(cx, "RuntimeError", message), values=held, layer=class_name(self), needs=(None, None),
            got=tuple(one.shape for one in held),
        )  # fmt: skip
    return found


def _hidden_rank(cx: Context, self: Instance, state: Array, number: int, rank: int) -> StateShape:
    message = f"LSTMCell: Expected hx[{number}] to be 1D or 2D, got {rank}D instead"
    return _state(cx, self, "ValueError", message, state, None)


def _state(cx: Context, self: Instance, exception: str, message: str, state: Array, needs: Shape | None) -> StateShape:
    return StateShape(
        error(cx, exception, message), values=(state,), layer=class_name(self), needs=(needs,), got=(state.shape,)
    )


def _check_ranks(cx: Context, self: Instance, x: Array | None) -> None:
    if x is None or x.shape is None or len(x.shape) in (1, 2):
        return
    message = f"{_kind(self)}: Expected input to be 1D or 2D, got {len(x.shape)}D instead"
    newer = cx.targets.at_least("torch", "2.2")
    raise RankMismatch(
        error(cx, "ValueError" if newer else "AssertionError", message), values=(x,), taker=class_name(self), needs=2,
        axes=("batch", "features"), got=x.shape,
    )  # fmt: skip


def _check_input(cx: Context, self: Instance, x: Array) -> None:
    assert x.shape is not None
    size = as_dim(self.fields.get("input_size"))
    if size is not None and not cx.equal(size, x.shape[-1]):
        message = f"input has inconsistent input_size: got {x.shape[-1]} expected {size}"
        raise FeatureMismatch(
            error(cx, "RuntimeError", message), values=(x,), taker=class_name(self), needs=size, got=x.shape[-1],
            axis=-1, shape=x.shape,
        )  # fmt: skip


def _check_state(cx: Context, self: Instance, x: Array, state: Array | None, number: int) -> None:
    """(batch, hidden_size); one sample gets its batch axis in front."""
    if state is None or state.shape is None or x.shape is None:
        return
    hidden = as_dim(self.fields.get("hidden_size"))
    batched = len(x.shape) == 2
    batch = x.shape[0] if batched else 1
    shape = state.shape if batched else (1, *state.shape)
    needs = None if hidden is None else ((batch, hidden) if batched else (hidden,))
    if not cx.equal(shape[0], batch):
        message = f"Input batch size {batch} doesn't match hidden{number} batch size {shape[0]}"
        raise _state(cx, self, "RuntimeError", message, state, needs)
    if hidden is not None and len(shape) > 1 and not cx.equal(shape[1], hidden):
        message = f"hidden{number} has inconsistent hidden_size: got {shape[1]}, expected {hidden}"
        raise _state(cx, self, "RuntimeError", message, state, needs)


def _check_dtypes(cx: Context, self: Instance, *arrays: Array | None) -> None:
    weight = self.fields.get("weight_ih")
    if not isinstance(weight, Array) or weight.dtype is None or autocasting(cx):
        return
    for one in arrays:
        if one is not None and one.dtype is not None and one.dtype != weight.dtype:
            names = f"{scalar_name(one.dtype)} and {scalar_name(weight.dtype)}"
            message = f"mat1 and mat2 must have the same dtype, but got {names}"
            raise wrong_dtype(cx, "RuntimeError", message, class_name(self), one, wanted=weight.dtype)


def _next(cx: Context, self: Instance, x: Array) -> Shape:
    assert x.shape is not None
    hidden = as_dim(self.fields.get("hidden_size"))
    return (*x.shape[:-1], cx.fresh() if hidden is None else hidden)


def _made(cx: Context, self: Instance, shape: Shape | None, x: Array, *states: Array | None) -> Array:
    weight = self.fields.get("weight_ih")
    held = weight if isinstance(weight, Array) else None
    dtype = held.dtype if held is not None and held.dtype is not None else x.dtype
    dtype = None if autocasting(cx) else dtype
    roles = None
    if shape is not None:
        front = x.roles[0] if x.roles is not None and len(shape) == 2 else "batch"
        roles = ("feature",) if len(shape) == 1 else (front or "batch", "feature")
    return tensor(cx, shape, dtype, x, held, *states, roles=roles)
