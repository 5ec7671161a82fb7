"""``nn.RNN``, ``nn.LSTM``, ``nn.GRU``: constructors, and what they give.

Follows ``torch/nn/modules/rnn.py``. Input (time, batch, features), or (batch, time, features) with ``batch_first=True``,
or (time, features) of one sequence; a PackedSequence gives one. Output (..., directions * size) and the last states,
(layers * directions, batch, size): ``batch_first`` does not touch these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.contents import Contents
from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, Instance, Sequence, Shape, Value, as_bool, as_dim, as_int, as_str
from foreshape.semantics.registry import attribute, library_type, rule
from foreshape.semantics.torch.casting import cast_meta
from foreshape.semantics.torch.final_state import marked
from foreshape.semantics.torch.nn.base import (
    FALSE,
    MODULE,
    ONE,
    TRUE,
    ZERO,
    Factory,
    add_parameter,
    class_name,
    factory,
    follows,
    init_module,
    kept,
)
from foreshape.semantics.torch.nn.demands import NOUGHT, asked_for, be_bool, be_comparable, be_int, below, bound, number
from foreshape.semantics.torch.nn.packed import PACKED, packed, packed_data
from foreshape.semantics.torch.nn.recurrent_checks import (
    check_input,
    check_length,
    check_packed,
    check_rank,
    check_state_dtypes,
    check_state_kind,
    check_state_ranks,
    check_state_sizes,
    state_items,
)
from foreshape.semantics.torch.silent import note_sequence
from foreshape.semantics.torch.support import invalid, python_type, tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC: Final = "https://docs.pytorch.org/docs/stable/generated/torch.nn."
BASE: Final = library_type("torch.nn.RNNBase", MODULE)
LSTM: Final = library_type("torch.nn.LSTM", BASE)
GRU: Final = library_type("torch.nn.GRU", BASE)
RNN: Final = library_type("torch.nn.RNN", BASE)
GATES: Final = {"LSTM": 4, "GRU": 3, "RNN_TANH": 1, "RNN_RELU": 1}
MOST_LAYERS: Final = 64
TANH: Final = Const("tanh")


# -- constructors -----------------------------------------------------------------------------------------------------


def _signature(
    cx: Context,
    self: Value,
    mode: Value,
    input_size: Value,
    hidden_size: Value,
    num_layers: Value = ONE,
    bias: Value = TRUE,
    batch_first: Value = FALSE,
    dropout: Value = NOUGHT,
    bidirectional: Value = FALSE,
    proj_size: Value = ZERO,
    device: Value | None = None,
    dtype: Value | None = None,
) -> None:
    """The parameters of ``RNNBase.__init__``."""


@rule("torch.nn.RNNBase.__init__", doc=f"{DOC}RNNBase.html")
def base_init(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> None:
    """``mode`` comes first; every size is checked, then the weights are made."""
    given = bound(cx, "RNNBase.__init__", _signature, (self, *args), kwargs)
    given.pop("self")
    for name, default in (("device", None), ("dtype", None)):
        given.setdefault(name, default)
    defaults: dict[str, Value] = {
        "num_layers": ONE, "bias": TRUE, "batch_first": FALSE, "dropout": Const(0.0), "bidirectional": FALSE,
        "proj_size": ZERO,
    }  # fmt: skip
    _make(cx, self, {**defaults, **given})


@rule("torch.nn.LSTM.__init__", doc=f"{DOC}LSTM.html")
def lstm_init(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> None:
    """``input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0, bidirectional=False, proj_size=0``."""
    base_init(cx, self, Const("LSTM"), *args, **kwargs)


@rule("torch.nn.GRU.__init__", doc=f"{DOC}GRU.html")
def gru_init(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> None:
    """As LSTM, without ``proj_size``."""
    _no_projection(cx, kwargs)
    base_init(cx, self, Const("GRU"), *args, **kwargs)


@rule("torch.nn.RNN.__init__", doc=f"{DOC}RNN.html")
def rnn_init(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> None:
    """As GRU; ``nonlinearity`` ("tanh" or "relu") stands fourth."""
    _no_projection(cx, kwargs)
    chosen = kwargs.pop("nonlinearity", TANH) if len(args) <= 3 else args[3]
    args = args if len(args) <= 3 else (*args[:3], *args[4:])
    name = as_str(chosen)
    if isinstance(chosen, Const) and name not in ("tanh", "relu"):
        message = f"Unknown nonlinearity '{chosen.value}'. Select from 'tanh' or 'relu'."
        raise invalid(cx, "ValueError", message, "nonlinearity", repr(chosen.value))
    cx.set(self, "nonlinearity", chosen)
    base_init(cx, self, Const("RNN_RELU" if name == "relu" else "RNN_TANH"), *args, **kwargs)


def _no_projection(cx: Context, kwargs: dict[str, Value]) -> None:
    if "proj_size" in kwargs:
        message = "proj_size argument is only supported for LSTM, not RNN or GRU"
        raise invalid(cx, "ValueError", message, "proj_size", cx.text(kwargs["proj_size"]))


def _make(cx: Context, self: Instance, given: dict[str, Any]) -> None:
    init_module(cx, self)
    _check_dropout(cx, given["dropout"])
    if cx.targets.at_least("torch", "2.1"):
        be_bool(cx, "bias", given["bias"])
        be_bool(cx, "batch_first", given["batch_first"])
        for name in ("input_size", "hidden_size"):
            be_int(cx, name, given[name])
            if below(cx, given[name], 1) and (name == "hidden_size" or cx.targets.at_least("torch", "2.9")):
                message = f"{name} must be greater than zero"
                raise invalid(cx, "ValueError", message, name, cx.text(given[name]))
    be_comparable(cx, "num_layers", given["num_layers"], "<=")
    if below(cx, given["num_layers"], 1):
        raise invalid(
            cx, "ValueError", "num_layers must be greater than zero", "num_layers", cx.text(given["num_layers"])
        )
    _check_projection(cx, given)
    if number(given["num_layers"]) is not None and python_type(given["num_layers"]) == "float":
        message = "'float' object cannot be interpreted as an integer"
        raise invalid(cx, "TypeError", message, "num_layers", cx.text(given["num_layers"]))
    made = factory(cx, given.pop("dtype"), given.pop("device"))
    kept(cx, self, **given)
    _weights(cx, self, made)


def _check_dropout(cx: Context, dropout: Value) -> None:
    if isinstance(dropout, Const) and isinstance(dropout.value, str):
        message = f"could not convert string to float: {dropout.value!r}"
        raise invalid(cx, "ValueError", message, "dropout", repr(dropout.value))
    if isinstance(dropout, Const) and dropout.value is None:
        message = "float() argument must be a string or a real number, not 'NoneType'"
        raise invalid(cx, "TypeError", message, "dropout", "None")
    known = number(dropout)
    if known is not None and (isinstance(known, bool) or not 0 <= known <= 1):
        message = "dropout should be a number in range [0, 1] representing the probability of an element being zeroed"
        raise invalid(cx, "ValueError", message, "dropout", known)


def _check_projection(cx: Context, given: dict[str, Any]) -> None:
    size, hidden = given["proj_size"], as_dim(given["hidden_size"])
    be_comparable(cx, "proj_size", size, "<")
    if below(cx, size, 0):
        message = "proj_size should be a positive integer or zero to disable projections"
        raise invalid(cx, "ValueError", message, "proj_size", cx.text(size))
    projected = as_dim(size)
    if projected is not None and hidden is not None and not cx.at_least(hidden - 1, projected):
        message = "proj_size has to be smaller than hidden_size"
        raise invalid(cx, "ValueError", message, "proj_size", cx.text(size))


def _weights(cx: Context, self: Instance, made: Factory) -> None:
    """``weight_ih_l0``, ``weight_hh_l0``, ``bias_ih_l0``, ``bias_hh_l0``, ... per layer and direction."""
    hidden, size = as_dim(self.fields["hidden_size"]), as_dim(self.fields["input_size"])
    projected, layers = as_dim(self.fields["proj_size"]), as_int(self.fields["num_layers"])
    two, bias = as_bool(self.fields["bidirectional"]), as_bool(self.fields["bias"])
    gates = GATES.get(as_str(self.fields["mode"]) or "", 0)
    if (
        not isinstance(projected, int)
        or layers is None
        or layers > MOST_LAYERS
        or two is None
        or bias is None
        or not gates
    ):
        cx.set(self, "~more", True)
        cx.set(self, "~dtype", made.dtype)
        return
    rows = None if hidden is None else gates * hidden
    given_back: DimLike | None = projected if projected > 0 else hidden
    for layer in range(layers):
        for direction in range(2 if two else 1):
            into = size if layer == 0 else None if given_back is None else given_back * (2 if two else 1)
            ending = f"l{layer}" + ("_reverse" if direction else "")
            add_parameter(cx, self, f"weight_ih_{ending}", _both(rows, into), made)
            add_parameter(cx, self, f"weight_hh_{ending}", _both(rows, given_back), made)
            if bias:
                add_parameter(cx, self, f"bias_ih_{ending}", _both(rows), made)
                add_parameter(cx, self, f"bias_hh_{ending}", _both(rows), made)
            if projected > 0:
                add_parameter(cx, self, f"weight_hr_{ending}", _both(projected, hidden), made)


def _both(*sizes: DimLike | None) -> Shape | None:
    return None if any(size is None for size in sizes) else tuple(size for size in sizes if size is not None)


@rule("torch.nn.RNNBase.flatten_parameters", "torch.nn.RNNBase.reset_parameters")
def flatten_parameters(cx: Context, self: Instance) -> Value:
    """Changes no shape."""
    return Const(None)


@attribute("torch.nn.RNNBase.all_weights")
def all_weights(cx: Context, self: Instance) -> Value:
    """A list of parameters per layer and direction."""
    return cx.unknown("the list of all weights is not modelled")


# -- forward ----------------------------------------------------------------------------------------------------------


class Sizes:
    """What the output of a recurrent module is made of. None: not known."""

    __slots__ = ("batch_first", "cell", "counts", "features", "hidden", "layers")

    def __init__(self, cx: Context, self_: Instance) -> None:
        fields = self_.fields
        two = as_bool(fields.get("bidirectional"))
        directions = None if two is None else 2 if two else 1
        cell, projected = as_dim(fields.get("hidden_size")), as_dim(fields.get("proj_size"))
        hidden = (
            cell if isinstance(projected, int) and projected == 0 else projected if isinstance(projected, int) else None
        )
        layers = as_dim(fields.get("num_layers"))
        self.batch_first = as_bool(fields.get("batch_first"))
        self.cell = cx.fresh() if cell is None else cell
        self.hidden = cx.fresh() if hidden is None else hidden
        self.features: DimLike = cx.fresh() if directions is None else directions * self.hidden
        self.layers: DimLike = cx.fresh() if directions is None or layers is None else directions * layers
        self.counts = (layers, directions)

    def marked(self, made: Array) -> Array:
        """With what its axes are made of."""
        return marked(made, *self.counts, self.features)


@rule("torch.nn.LSTM.forward", "torch.nn.GRU.forward", "torch.nn.RNN.forward")
def forward(cx: Context, self: Instance, input: Value, hx: Value | None = None) -> Value:
    """(output, state); the state of an LSTM is (h, c)."""
    hx = None if isinstance(hx, Const) and hx.value is None else hx
    if isinstance(input, Instance) and input.library_type == PACKED:
        return _packed(cx, self, input, hx)
    x = asked_for(cx, input, class_name(self))
    if x is None:
        return follows(cx, self, input)
    sizes = Sizes(cx, self)
    if x.shape is None:
        return _together(self, _result(cx, self, None, None, x), _unknown_state(cx, self, x))
    check_rank(cx, self, x)
    batched = len(x.shape) == 3
    time, batch = _time_and_batch(cx, sizes, x)
    expected = _expected(self, sizes, batch)
    given = state_items(cx, self, hx)
    check_state_ranks(cx, self, given, batched, expected)
    check_input(cx, self, x)
    check_state_sizes(cx, self, given, batched, expected)
    check_state_kind(cx, self, hx, False)
    check_length(cx, self, x, time)
    check_state_dtypes(cx, self, x, given)
    note_sequence(cx, class_name(self), self, x, sizes.batch_first)
    features = (sizes.features,)
    roles = _roles(sizes, x)
    shape = (*x.shape[:-1], *features)
    # the kernel works on (time, batch, features) and turns the result
    strides = (sizes.features, batch * sizes.features, 1) if batched and sizes.batch_first else "contiguous"
    output = _result(cx, self, shape, roles, x, hx, strides=None if batched and sizes.batch_first is None else strides)
    output = sizes.marked(output)
    states = tuple(sizes.marked(_state(cx, self, one, batched, roles, x, hx)) for one in expected)
    return _together(self, output, states)


def _time_and_batch(cx: Context, sizes: Sizes, x: Array) -> tuple[DimLike, DimLike]:
    assert x.shape is not None
    if len(x.shape) == 2:
        return x.shape[0], 1
    if sizes.batch_first is None:
        return cx.fresh(lo=0), cx.fresh(lo=0)
    first, second = x.shape[:2]
    return (second, first) if sizes.batch_first else (first, second)


def _expected(self: Instance, sizes: Sizes, batch: DimLike) -> tuple[Shape, ...]:
    states: tuple[Shape, ...] = ((sizes.layers, batch, sizes.hidden),)
    if self.library_type == LSTM:
        states += ((sizes.layers, batch, sizes.cell),)
    return states


def _roles(sizes: Sizes, x: Array) -> tuple[str | None, ...]:
    """What the axes of the output are: what those of the input are known to be, else what the module reads them as."""
    assert x.shape is not None
    if len(x.shape) == 2:
        reads: tuple[str | None, ...] = ("time",)
    else:
        reads = (
            (None, None) if sizes.batch_first is None else ("batch", "time") if sizes.batch_first else ("time", "batch")
        )
    held = x.roles[:-1] if x.roles is not None else (None,) * len(reads)
    if not {"batch", "time"} & {role for role in held if role is not None}:
        return (*reads, "feature")
    if all(role is None or role == read for role, read in zip(held, reads)):
        return (*reads, "feature")
    return (*held, "feature")


def _result(
    cx: Context, self: Instance, shape: Shape | None, roles: tuple[str | None, ...] | None, *sources: Value | None,
    strides: Any = "contiguous",
) -> Array:  # fmt: skip
    weight = self.fields.get("weight_ih_l0")
    arrays = [source for source in sources if isinstance(source, Array)]
    dtype = weight.dtype if isinstance(weight, Array) else self.fields.get("~dtype")
    dtype = arrays[0].dtype if dtype is None else dtype
    held = weight if isinstance(weight, Array) else None
    leaves = tuple(leaf for source in sources for leaf in _leaves(source))
    if not cx.state("torch").fields.get("autocast"):
        return tensor(cx, shape, dtype, *leaves, held, roles=roles, strides=strides)
    # the kernels of GRU and of projections are not among those that are cast everywhere
    plain = self.library_type in (LSTM, RNN) and as_int(self.fields.get("proj_size")) == 0
    meta = cast_meta(cx, held, *arrays) if plain and shape is not None else {}
    return tensor(cx, shape, None, *leaves, held, roles=roles, strides=strides, meta=meta)


def _leaves(value: Value | None) -> tuple[Value, ...]:
    if isinstance(value, Sequence):
        return tuple(item for item in value.contents.items(8) or () if isinstance(item, Array))
    return (value,) if isinstance(value, Array) else ()


def _state(
    cx: Context, self: Instance, shape: Shape, batched: bool, roles: tuple[str | None, ...], *sources: Value | None
) -> Array:
    if not batched:
        return _result(cx, self, (shape[0], shape[2]), ("layer", "feature"), *sources)
    kept_role = "batch" if "batch" in roles[:2] or roles[0] is None else None
    return _result(cx, self, shape, ("layer", kept_role, "feature"), *sources)


def _unknown_state(cx: Context, self: Instance, *sources: Value) -> tuple[Array, ...]:
    return tuple(_result(cx, self, None, None, *sources) for _ in range(2 if self.library_type == LSTM else 1))


def _together(self: Instance, output: Value, states: tuple[Array, ...]) -> Value:
    state: Value = Sequence("tuple", Contents(states)) if self.library_type == LSTM else states[0]
    return Sequence("tuple", Contents((output, state)))


def _packed(cx: Context, self: Instance, input: Instance, hx: Value | None) -> Value:
    """Packed in, packed out; the states are in the order of the samples as they were given."""
    data = packed_data(input)
    sizes = Sizes(cx, self)
    held = input.fields.get("~batch")
    batch: DimLike = cx.fresh() if held is None else held
    expected = _expected(self, sizes, batch)
    if data is None:
        made: Array = _result(cx, self, None, None, Array("torch", None, None))
        return _together(self, packed(cx, made, input), _unknown_state(cx, self, made))
    check_packed(cx, self, input, data, hx, expected)
    shape = None if data.shape is None else (*data.shape[:-1], sizes.features)
    output = packed(cx, _result(cx, self, shape, None, data, hx), input)
    roles = ("layer", "batch", "feature")
    states = tuple(sizes.marked(_result(cx, self, one, roles, data, hx)) for one in expected)
    return _together(self, output, states)
