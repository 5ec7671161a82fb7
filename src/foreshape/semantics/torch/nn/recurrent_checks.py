"""What recurrent modules say about inputs and states that do not fit, in the order of ``torch/nn/modules/rnn.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, Instance, Sequence, Shape, Value, as_bool
from foreshape.faults.feature_mismatch import FeatureMismatch
from foreshape.faults.index_range import IndexRange
from foreshape.faults.matmul_mismatch import MatmulMismatch
from foreshape.faults.no_data import NoData
from foreshape.faults.rank_mismatch import RankMismatch
from foreshape.faults.state_shape import StateShape
from foreshape.semantics.torch.nn.base import class_name
from foreshape.semantics.torch.nn.demands import asked_for, autocasting, layer_field, tuple_text
from foreshape.semantics.torch.support import error, invalid, python_type, scalar_name, shown, wrong_dtype

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

SEQUENCE: Final = {True: ("batch", "timesteps", "features"), False: ("timesteps", "batch", "features")}


def kind_of(self: Instance) -> str:
    """ "LSTM", "GRU" or "RNN", also of a class that the program derives from it."""
    return (self.library_type or "").rpartition(".")[2]


def axes_read(self: Instance) -> tuple[str, ...]:
    """What the module takes the axes of its input for."""
    return SEQUENCE.get(as_bool(self.fields.get("batch_first")) is True, ())


def check_rank(cx: Context, self: Instance, x: Array) -> None:
    """(time, batch, features), or (time, features) of one sequence."""
    assert x.shape is not None
    rank, kind = len(x.shape), kind_of(self)
    if rank in (2, 3) and cx.targets.at_least("torch", "1.11"):
        return
    if not cx.targets.at_least("torch", "1.11"):
        if rank == 3:
            return
        raised = error(cx, "RuntimeError", f"input must have 3 dimensions, got {rank}")
    elif cx.targets.at_least("torch", "2.2"):
        ending = "D tensor" if kind == "RNN" else "D"
        raised = error(cx, "ValueError", f"{kind}: Expected input to be 2D or 3D, got {rank}{ending} instead")
    else:
        message = f"{kind}: Expected input to be 2-D or 3-D but received {rank}-D tensor"
        raised = error(cx, "AssertionError", message)
    raise RankMismatch(raised, values=(x,), taker=class_name(self), needs=3, axes=axes_read(self), got=x.shape)


def check_input(cx: Context, self: Instance, x: Array) -> None:
    """``check_input``: the dtype of the weights, and ``input_size`` features."""
    assert x.shape is not None
    check_dtype(cx, self, x)
    size = layer_field(self, "input_size")
    if size is not None and not cx.equal(size, x.shape[-1]):
        message = f"input.size(-1) must be equal to input_size. Expected {size}, got {x.shape[-1]}"
        raise FeatureMismatch(
            error(cx, "RuntimeError", message), values=(x,), taker=class_name(self), needs=size,
            got=x.shape[-1], axis=-1, shape=x.shape,
        )  # fmt: skip


def check_dtype(cx: Context, self: Instance, x: Array) -> None:
    """The dtype of the weights."""
    weight = self.fields.get("weight_ih_l0")
    if not isinstance(weight, Array) or None in (weight.dtype, x.dtype) or weight.dtype == x.dtype or autocasting(cx):
        return
    exception = "ValueError"
    if cx.targets.at_least("torch", "2.9"):
        message = (
            f"RNN input dtype (torch.{x.dtype}) does not match weight dtype (torch.{weight.dtype}). Convert input: "
            f"input.to(torch.{weight.dtype}), or convert model: model.to(torch.{x.dtype})"
        )
    elif cx.targets.at_least("torch", "2.0"):
        message = f"input must have the type torch.{weight.dtype}, got type torch.{x.dtype}"
    else:
        exception, message = "RuntimeError", _kernel_dtypes(x, weight)
    raise wrong_dtype(cx, exception, message, class_name(self), x, wanted=weight.dtype)


def _kernel_dtypes(x: Array, weight: Array) -> str:
    return f"mat1 and mat2 must have the same dtype, but got {scalar_name(x.dtype)} and {scalar_name(weight.dtype)}"


def check_length(cx: Context, self: Instance, x: Array, time: DimLike) -> None:
    """There must be a first timestep."""
    if isinstance(time, int) and time == 0:
        message = "Expected sequence length to be larger than 0 in RNN"
        raise NoData(error(cx, "RuntimeError", message), values=(x,), taker=class_name(self), samples=0)


# -- states -----------------------------------------------------------------------------------------------------------


def state_items(cx: Context, self: Instance, hx: Value | None) -> tuple[Array | None, ...] | None:
    """The tensors that were given as states: (h, c) of an LSTM, (h,) of others; None where they are not known.

    Raises what ``hx[0]`` and ``hx.dim()`` raise.
    """
    if hx is None:
        return None
    if kind_of(self) != "LSTM":
        found = asked_for(cx, hx, f"hx of {class_name(self)}")
        return None if found is None else (found,)
    if isinstance(hx, Sequence) and hx.kind in ("tuple", "list"):
        items = hx.contents.items(8)
        if items is None:
            return None
        if len(items) < 2:
            message = f"{hx.kind} index out of range"
            held = tuple(item for item in items if isinstance(item, Array))
            raise _states(cx, self, "IndexError", message, held, ())
        return tuple(asked_for(cx, item, f"hx of {class_name(self)}") for item in items)
    if isinstance(hx, Array) and hx.kind == "torch" and hx.shape is not None:
        return _halves(cx, self, hx)
    if isinstance(hx, Const):
        message = f"'{python_type(hx)}' object is not subscriptable"
        raise invalid(cx, "TypeError", message, "hx", cx.text(hx), hx)
    return None


def _halves(cx: Context, self: Instance, hx: Array) -> tuple[Array, ...]:
    """One tensor where (h, c) is needed: ``hx[0]`` and ``hx[1]`` cut pieces off it."""
    assert hx.shape is not None
    if not hx.shape:
        message = (
            "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ to convert a "
            "0-dim tensor to a number"
        )
        raise _states(cx, self, "IndexError", message, (hx,), ())
    if not cx.at_least(hx.shape[0], 2):
        size = hx.shape[0]
        place = 1 if size == 1 else 0
        message = f"index {place} is out of bounds for dimension 0 with size {size}"
        raise _states(cx, self, "IndexError", message, (hx,), ())
    half = hx.replace(shape=hx.shape[1:])
    half.origin = hx.origin
    return (half, half)


def _states(
    cx: Context, self: Instance, exception: str, message: str, given: tuple[Array | None, ...], needs: tuple[Shape, ...]
) -> StateShape:
    values = tuple(one for one in given if one is not None)
    got = tuple(None if one is None else one.shape for one in given)
    return StateShape(error(cx, exception, message), values=values, layer=class_name(self), needs=needs, got=got)


def check_state_ranks(
    cx: Context, self: Instance, given: tuple[Array | None, ...] | None, batched: bool, needs: tuple[Shape, ...]
) -> None:
    """As many axes as the input."""
    if given is None or any(one is None or one.shape is None for one in given):
        return
    ranks = [len(one.shape or ()) for one in given if one is not None]
    wanted = 3 if batched else 2
    if all(rank == wanted for rank in ranks[: len(needs)]):
        return
    what = f"For {'batched 3-D' if batched else 'unbatched 2-D'} input, "
    if kind_of(self) == "LSTM":
        message = f"{what}hx and cx should also be {wanted}-D but got ({ranks[0]}-D, {ranks[1]}-D) tensors"
    else:
        message = f"{what}hx should also be {wanted}-D but got {ranks[0]}-D tensor"
    raise _states(cx, self, "RuntimeError", message, given, needs if batched else tuple((n[0], n[2]) for n in needs))


def check_state_sizes(
    cx: Context, self: Instance, given: tuple[Array | None, ...] | None, batched: bool, needs: tuple[Shape, ...]
) -> None:
    """(layers * directions, batch, size)."""
    if given is None:
        return
    for number, (one, wanted) in enumerate(zip(given, needs)):
        if one is None or one.shape is None:
            continue
        shape = one.shape if batched else (one.shape[0], 1, *one.shape[1:])
        if len(shape) == 3 and all(cx.equal(a, b) for a, b in zip(shape, wanted)):
            continue
        name = f"hidden[{number}] size" if kind_of(self) == "LSTM" else "hidden size"
        message = f"Expected {name} {tuple_text(tuple(map(cx.resolve, wanted)))}, got {shown(shape)}"
        rest = tuple(other for place, other in enumerate(given) if place != number)
        others = tuple(need for place, need in enumerate(needs) if place != number)
        raise _states(cx, self, "RuntimeError", message, (one, *rest), (wanted, *others))
    if len(given) > len(needs):
        raise _states(cx, self, "RuntimeError", "lstm expects two hidden states", given, needs)


def check_state_kind(cx: Context, self: Instance, hx: Value | None, packed_input: bool) -> None:
    """The kernel of an LSTM takes a tuple or a list of states, no tensor."""
    if kind_of(self) != "LSTM" or not isinstance(hx, Array):
        return
    first = "Tensor, Tensor, Tensor" if packed_input else "Tensor, Tensor"
    rest = "bool, bool" if packed_input else "bool, bool, bool"
    message = f"lstm() received an invalid combination of arguments - got ({first}, list, bool, int, float, {rest})"
    raise _states(cx, self, "TypeError", message, (hx,), ())


def check_state_dtypes(cx: Context, self: Instance, x: Array, given: tuple[Array | None, ...] | None) -> None:
    """States of the dtype of the weights."""
    weight = self.fields.get("weight_ih_l0")
    if given is None or not isinstance(weight, Array) or weight.dtype is None or autocasting(cx):
        return
    for one in given:
        if one is None or one.dtype is None or one.dtype == weight.dtype:
            continue
        message = _kernel_dtypes(one, weight)
        if kind_of(self) == "LSTM" and weight.dtype == "float32":
            message = "get_mkldnn_dtype: unsupported data type"
        raise wrong_dtype(cx, "RuntimeError", message, f"hx of {class_name(self)}", one, wanted=weight.dtype)


# -- packed input -----------------------------------------------------------------------------------------------------


def check_packed(
    cx: Context, self: Instance, held: Instance, data: Array, hx: Value | None, needs: tuple[Shape, ...]
) -> None:
    """A packed input is checked by ``check_forward_args`` in GRU and RNN; in an LSTM only the kernel sees it."""
    given = None if kind_of(self) == "LSTM" and isinstance(hx, Array) else state_items(cx, self, hx)
    lstm = kind_of(self) == "LSTM"
    weight = self.fields.get("weight_ih_l0")
    if given is not None and isinstance(held.fields.get("sorted_indices"), Array):
        given = _permuted(cx, self, given, needs)
    if lstm:
        check_state_kind(cx, self, hx, True)
    if data.shape is not None and not lstm:
        if len(data.shape) != 2:
            if data.dtype is not None and len(data.shape) != 2:
                check_dtype(cx, self, data)
            message = f"input must have 2 dimensions, got {len(data.shape)}"
            raise RankMismatch(
                error(cx, "RuntimeError", message), values=(data,), taker=class_name(self), needs=2,
                axes=("steps", "features"), got=data.shape,
            )  # fmt: skip
        check_input(cx, self, data)
        check_state_sizes(cx, self, given, True, needs)
    elif data.shape is not None:
        _check_product(cx, self, data, weight)
        _check_lstm_states(cx, self, given, needs)
    _check_whole(cx, self, held, data)
    check_state_dtypes(cx, self, data, given)


def _permuted(
    cx: Context, self: Instance, given: tuple[Array | None, ...], needs: tuple[Shape, ...]
) -> tuple[Array | None, ...]:
    """The states in the order of the lengths: as many are picked along axis 1 as there are samples."""
    made: list[Array | None] = []
    for one in given:
        if one is None or one.shape is None or len(one.shape) != 3:
            made.append(one)
            continue
        if not cx.at_least(one.shape[1], needs[0][1]):
            message = f"INDICES element is out of DATA bounds, id={one.shape[1]} axis_dim={one.shape[1]}"
            raise _states(cx, self, "RuntimeError", message, given, needs)
        picked = one.replace(shape=(one.shape[0], needs[0][1], one.shape[2]))
        picked.origin = one.origin
        made.append(picked)
    return tuple(made)


def _check_lstm_states(
    cx: Context, self: Instance, given: tuple[Array | None, ...] | None, needs: tuple[Shape, ...]
) -> None:
    if given is None:
        return
    ends = [one.shape[-1] for one in given if one is not None and one.shape]
    if len(ends) == 2 and needs[0][2] is needs[1][2] and not cx.equal(*ends):
        # a hidden state of another size than the cell state is taken for a projected one
        raise _states(cx, self, "RuntimeError", "got an incorrect number of RNN parameters", given, needs)
    for one, wanted in zip(given, needs):
        if one is None or one.shape is None or len(one.shape) != 3:
            continue
        if not cx.equal(one.shape[0], wanted[0]):
            odd = as_bool(self.fields.get("bidirectional")) is True and not cx.equal(one.shape[0] % 2, 0)
            message = "Odd number of params or hiddens given to a bidirectional RNN"
            message = message if odd else "Expected more hidden states in stacked_rnn"
            raise _states(cx, self, "RuntimeError", message, (one,), (wanted,))
        for axis in (1, 2):
            if not cx.equal(one.shape[axis], wanted[axis]):
                message = (
                    f"The size of tensor a ({one.shape[axis]}) must match the size of tensor b ({wanted[axis]}) at "
                    f"non-singleton dimension {axis - 1}"
                )
                raise _states(cx, self, "RuntimeError", message, (one,), (wanted,))


def _check_product(cx: Context, self: Instance, data: Array, weight: Value | None) -> None:
    """The kernel multiplies the steps with the weights."""
    shape = data.shape
    assert shape is not None
    size, hidden = layer_field(self, "input_size"), layer_field(self, "hidden_size")
    if size is None or hidden is None:
        return
    if isinstance(weight, Array) and None not in (weight.dtype, data.dtype) and weight.dtype != data.dtype:
        if not autocasting(cx):
            message = _kernel_dtypes(data, weight)
            raise wrong_dtype(cx, "RuntimeError", message, class_name(self), data, wanted=weight.dtype)
    rows: DimLike = 1
    for dim in shape[:-1]:
        rows = rows * dim
    if len(shape) != 2 or not cx.equal(shape[-1], size):
        message = f"mat1 and mat2 shapes cannot be multiplied ({rows}x{shape[-1]} and {size}x{4 * hidden})"
        if len(shape) == 2:
            raise FeatureMismatch(
                error(cx, "RuntimeError", message), values=(data,), taker=class_name(self), needs=size, got=shape[-1],
                axis=-1, shape=shape,
            )  # fmt: skip
        raise MatmulMismatch(
            error(cx, "RuntimeError", message), values=(data,), taker=class_name(self), left=shape,
            right=(size, 4 * hidden), left_axis=len(shape) - 1, right_axis=0,
        )  # fmt: skip


def _check_whole(cx: Context, self: Instance, held: Instance, data: Array) -> None:
    """A length that is larger than the time axis was packed without a complaint: here the rows run out."""
    rows, missing = held.fields.get("~rows"), held.fields.get("~missing")
    if isinstance(rows, int) and isinstance(missing, int):
        message = f"start ({rows}) + length ({missing}) exceeds dimension size ({rows})."
        raise IndexRange(
            error(cx, "RuntimeError", message), values=(data,), taker=class_name(self), index=rows, size=rows, axis=0
        )
