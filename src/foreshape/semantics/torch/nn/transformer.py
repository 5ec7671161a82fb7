"""``nn.Transformer`` and its parts.

Follows ``torch/nn/modules/transformer.py``. Every layer keeps the shape of what it gets: (length, batch, d_model), or (batch, length,
d_model) with ``batch_first=True``, or (length, d_model).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    LibraryRef,
    Sequence,
    Value,
    as_bool,
    as_dim,
    as_int,
    as_str,
    is_none,
)
from foreshape.faults.base import Fault
from foreshape.faults.feature_mismatch import FeatureMismatch
from foreshape.faults.join_mismatch import JoinMismatch
from foreshape.faults.python_error import PythonError
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.torch.nn.attention import ATTENTION, attend_with
from foreshape.semantics.torch.nn.attention_checks import check_kind
from foreshape.semantics.torch.nn.base import FALSE, MODULE, NONE, TRUE, class_name, follows, init_module, kept
from foreshape.semantics.torch.nn.calling import call_module, library_rule
from foreshape.semantics.torch.nn.demands import E_5, TENTH, WIDTH, asked_for
from foreshape.semantics.torch.silent import note_sequence
from foreshape.semantics.torch.support import error, flag, given, invalid, tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC: Final = "https://docs.pytorch.org/docs/stable/generated/torch.nn."
LAYER: Final = library_type("torch.nn.TransformerEncoderLayer", MODULE)
library_type("torch.nn.TransformerDecoderLayer", MODULE)
library_type("torch.nn.TransformerEncoder", MODULE)
library_type("torch.nn.TransformerDecoder", MODULE)
TRANSFORMER: Final = library_type("torch.nn.Transformer", MODULE)
D_MODEL: Final = Const(512)
EIGHT: Final = Const(8)
SIX: Final = Const(6)
MOST_LAYERS: Final = 96


# -- layers -----------------------------------------------------------------------------------------------------------


def _made(cx: Context, name: str, at: Instance, *args: Value, **kwargs: Value | None) -> Instance:
    """A module inside another one."""
    made = Instance(LibraryRef(f"torch.nn.{name}"), {})
    made.origin = at.origin
    more = {key: value for key, value in kwargs.items() if value is not None}
    found = library_rule(cx, f"torch.nn.{name}", "__init__")
    if found is None:
        cx.set(made, "~open", True)
        return made
    found.function(cx, made, *args, **more)
    return made


def _layer_init(cx: Context, self: Instance, given_: dict[str, Value | None], attentions: tuple[str, ...]) -> None:
    init_module(cx, self)
    cx.set(self, "~open", True)  # until it is whole: what it lacks where an argument is wrong follows from that
    d_model, nhead = given_["d_model"], given_["nhead"]
    assert d_model is not None and nhead is not None
    place = {"device": given_["device"], "dtype": given_["dtype"]}
    bias, batch_first = given_["bias"], given_["batch_first"]
    for name in attentions:
        made = _made(
            cx, "MultiheadAttention", self, d_model, nhead, dropout=given_["dropout"], bias=bias,
            batch_first=batch_first, **place,
        )  # fmt: skip
        cx.set(self, name, made)
    width = given_["dim_feedforward"]
    assert width is not None
    cx.set(self, "linear1", _made(cx, "Linear", self, d_model, width, bias=bias, **place))
    cx.set(self, "dropout", _made(cx, "Dropout", self, p=given_["dropout"]))
    cx.set(self, "linear2", _made(cx, "Linear", self, width, d_model, bias=bias, **place))
    kept(cx, self, norm_first=given_["norm_first"])
    for number in range(1, len(attentions) + 2):
        norm = _made(cx, "LayerNorm", self, d_model, eps=given_["layer_norm_eps"], bias=bias, **place)
        cx.set(self, f"norm{number}", norm)
    for number in range(1, len(attentions) + 2):
        cx.set(self, f"dropout{number}", _made(cx, "Dropout", self, p=given_["dropout"]))
    activation = given_["activation"]
    named = as_str(activation)
    if named is not None and named not in ("relu", "gelu"):
        message = f"activation should be relu/gelu, not {named}"
        raise invalid(cx, "RuntimeError", message, "activation", repr(named))
    held = (
        activation if activation is not None and named is None else LibraryRef(f"torch.nn.functional.{named or 'relu'}")
    )
    cx.set(self, "activation", held)
    cx.set(self, "~open", False)


@rule("torch.nn.TransformerEncoderLayer.__init__", doc=f"{DOC}TransformerEncoderLayer.html")
def encoder_layer_init(
    cx: Context, self: Instance, d_model: Value, nhead: Value, dim_feedforward: Value = WIDTH, dropout: Value = TENTH,
    activation: Value | None = None, layer_norm_eps: Value = E_5, batch_first: Value = FALSE, norm_first: Value = FALSE,
    bias: Value = TRUE, device: Value | None = None, dtype: Value | None = None,
) -> None:  # fmt: skip
    """Self-attention and two Linear layers."""
    given_ = {
        "d_model": d_model, "nhead": nhead, "dim_feedforward": dim_feedforward, "dropout": dropout,
        "activation": activation, "layer_norm_eps": layer_norm_eps, "batch_first": batch_first,
        "norm_first": norm_first, "bias": bias, "device": device, "dtype": dtype,
    }  # fmt: skip
    _layer_init(cx, self, given_, ("self_attn",))


@rule("torch.nn.TransformerDecoderLayer.__init__", doc=f"{DOC}TransformerDecoderLayer.html")
def decoder_layer_init(
    cx: Context, self: Instance, d_model: Value, nhead: Value, dim_feedforward: Value = WIDTH, dropout: Value = TENTH,
    activation: Value | None = None, layer_norm_eps: Value = E_5, batch_first: Value = FALSE, norm_first: Value = FALSE,
    bias: Value = TRUE, device: Value | None = None, dtype: Value | None = None,
) -> None:  # fmt: skip
    """Self-attention, attention over the memory, and two Linear layers."""
    given_ = {
        "d_model": d_model, "nhead": nhead, "dim_feedforward": dim_feedforward, "dropout": dropout,
        "activation": activation, "layer_norm_eps": layer_norm_eps, "batch_first": batch_first,
        "norm_first": norm_first, "bias": bias, "device": device, "dtype": dtype,
    }  # fmt: skip
    _layer_init(cx, self, given_, ("self_attn", "multihead_attn"))


def _attention(
    cx: Context, self: Instance, name: str, x: Value, memory: Value, mask: Value | None, padding: Value | None,
    causal: Value,
) -> Value:  # fmt: skip
    """The output of one of the attentions; the module itself may be the program's own."""
    inner = self.fields.get(name)
    if not isinstance(inner, Instance):
        return cx.unknown("the attention is not known")
    named: dict[str, Value] = {
        "attn_mask": NONE if mask is None else mask, "key_padding_mask": NONE if padding is None else padding,
        "is_causal": causal, "need_weights": FALSE,
    }  # fmt: skip
    own = not isinstance(inner.cls, LibraryRef) or inner.cls.name != ATTENTION or inner.fields.get("~hooks")
    try:
        made = cx.call(inner, (x, memory, memory), named) if own else attend_with(cx, inner, x, memory, memory, **named)
    except Fault as fault:
        fault.layers = fault.layers or (inner, self)
        raise
    items = made.contents.items(4) if isinstance(made, Sequence) else None
    return items[0] if items else cx.unknown("what the attention gives is not known")


def _normed(cx: Context, self: Instance, number: int, x: Array) -> None:
    """The LayerNorm before a block (``norm_first``) sees the features first."""
    norm = self.fields.get(f"norm{number}")
    found = library_rule(cx, "torch.nn.LayerNorm", "forward")
    if found is not None and isinstance(norm, Instance) and norm.library_type == "torch.nn.LayerNorm":
        found.function(cx, norm, x)


def _like(cx: Context, x: Array, *sources: Value | None) -> Array:
    """The same shape, computed from more."""
    return tensor(cx, x.shape, x.dtype, x, *sources, roles=x.roles)


@rule("torch.nn.TransformerEncoderLayer.forward")
def encoder_layer_forward(
    cx: Context, self: Instance, src: Value, src_mask: Value | None = None,
    src_key_padding_mask: Value | None = None, is_causal: Value = FALSE,
) -> Value:  # fmt: skip
    """The shape of ``src``."""
    mask, padding = _tensor(src_mask), _tensor(src_key_padding_mask)
    if padding is not None or mask is not None:
        check_kind(cx, padding, "src_key_padding_mask")
        check_kind(cx, mask, "src_mask")
    x = asked_for(cx, src, "TransformerEncoderLayer", "dtype")
    if x is None:
        return follows(cx, src)
    if as_bool(self.fields.get("norm_first")):
        _normed(cx, self, 1, x)
    out = _attention(cx, self, "self_attn", x, x, src_mask, src_key_padding_mask, is_causal)
    _note_axes(cx, self, x)
    return _like(cx, x, out, _weight(self))


def _note_axes(cx: Context, self: Instance, x: Array) -> None:
    """Samples that are taken for timesteps: said of the module that the program makes."""
    inner = self.fields.get("self_attn")
    if self.origin is not None and isinstance(inner, Instance):
        note_sequence(cx, class_name(self), self, x, as_bool(inner.fields.get("batch_first")))


def _weight(self: Instance) -> Value | None:
    inner = self.fields.get("linear1")
    found = inner.fields.get("weight") if isinstance(inner, Instance) else None
    return found if isinstance(found, Array) else None


def _tensor(value: Value | None) -> Array | None:
    return value if isinstance(value, Array) and value.kind == "torch" else None


@rule("torch.nn.TransformerDecoderLayer.forward")
def decoder_layer_forward(
    cx: Context, self: Instance, tgt: Value, memory: Value, tgt_mask: Value | None = None,
    memory_mask: Value | None = None, tgt_key_padding_mask: Value | None = None,
    memory_key_padding_mask: Value | None = None, tgt_is_causal: Value = FALSE, memory_is_causal: Value = FALSE,
) -> Value:  # fmt: skip
    """The shape of ``tgt``."""
    x = asked_for(cx, tgt, "TransformerDecoderLayer")
    if x is None:
        return follows(cx, tgt)
    if as_bool(self.fields.get("norm_first")):
        _normed(cx, self, 1, x)
    _attention(cx, self, "self_attn", x, x, tgt_mask, tgt_key_padding_mask, tgt_is_causal)
    _note_axes(cx, self, x)
    middle = _like(cx, x)
    middle.origin = x.origin
    held = asked_for(cx, memory, "TransformerDecoderLayer")
    if held is None:
        return follows(cx, memory)
    out = _attention(cx, self, "multihead_attn", middle, held, memory_mask, memory_key_padding_mask, memory_is_causal)
    return _like(cx, x, out, _weight(self))


# -- stacks -----------------------------------------------------------------------------------------------------------


def _stack(cx: Context, self: Instance, layer: Value, num_layers: Value, norm: Value | None) -> None:
    """``num_layers`` copies of the layer."""
    init_module(cx, self)
    kept(cx, self, num_layers=num_layers, norm=norm)
    layers = Instance(LibraryRef("torch.nn.ModuleList"), {})
    layers.origin = self.origin
    cx.set(layers, "~initialised", True)
    cx.set(layers, "training", TRUE)
    count = as_int(num_layers)
    cx.set(self, "layers", layers)
    cx.set(self, "~layer", layer)
    if count is None or count > MOST_LAYERS or not isinstance(layer, Instance):
        cx.set(layers, "~open", True)
        cx.set(layers, "~order", ())
        return
    cx.set(layers, "~order", tuple(str(number) for number in range(max(count, 0))))
    for number in range(count):
        cx.set(layers, str(number), _copied(cx, layer))


def _copied(cx: Context, value: Instance) -> Instance:
    """``copy.deepcopy`` of a module."""
    made = Instance(value.cls, dict(value.fields))
    made.origin = value.origin
    for key, inner in list(value.fields.items()):
        if isinstance(inner, Instance) and isinstance(key, str) and not key.startswith("~"):
            made.fields[key] = _copied(cx, inner)
    return made


@rule("torch.nn.TransformerEncoder.__init__", doc=f"{DOC}TransformerEncoder.html")
def encoder_init(
    cx: Context, self: Instance, encoder_layer: Value, num_layers: Value, norm: Value | None = None,
    enable_nested_tensor: Value = TRUE, mask_check: Value = TRUE,
) -> None:  # fmt: skip
    """Copies of one layer, and a norm at the end."""
    _stack(cx, self, encoder_layer, num_layers, norm)


@rule("torch.nn.TransformerDecoder.__init__", doc=f"{DOC}TransformerDecoder.html")
def decoder_init(
    cx: Context, self: Instance, decoder_layer: Value, num_layers: Value, norm: Value | None = None
) -> None:
    """Copies of one layer, and a norm at the end."""
    _stack(cx, self, decoder_layer, num_layers, norm)


def _layers(cx: Context, self: Instance) -> tuple[Instance, ...]:
    """Distinct layers: copies of one another need to run once only."""
    held = self.fields.get("layers")
    found: list[Instance] = []
    if isinstance(held, Instance):
        found = [one for name in held.fields.get("~order", ()) if isinstance(one := held.fields.get(name), Instance)]
        if not found and not held.fields.get("~open"):
            message = "index 0 is out of range"
            raise PythonError(error(cx, "IndexError", message), values=(self,), problem=message)
    if not found and isinstance(self.fields.get("~layer"), Instance):
        found = [self.fields["~layer"]]
    return tuple(found[:1]) if found and isinstance(found[0].cls, LibraryRef) else tuple(found)


def _batch_first(cx: Context, layer: Instance) -> bool | None:
    """``layer.self_attn.batch_first``."""
    inner = layer.fields.get("self_attn")
    if not isinstance(inner, Instance):
        if isinstance(layer.cls, LibraryRef) and not layer.fields.get("~open"):
            from foreshape.faults.missing_attribute import MissingAttribute

            name = layer.cls.name.rpartition(".")[2]
            message = f"'{name}' object has no attribute 'self_attn'"
            raise MissingAttribute(
                error(cx, "AttributeError", message), values=(layer,), owner=name, attribute="self_attn"
            )
        return None
    return as_bool(inner.fields.get("batch_first"))


def _check_length(cx: Context, layer: Instance, x: Array) -> None:
    """``_get_seq_len`` reads axis 0 or 1."""
    first = _batch_first(cx, layer)
    if first and x.shape is not None and len(x.shape) < 2:
        from foreshape.faults.rank_mismatch import RankMismatch

        raise RankMismatch(
            error(cx, "IndexError", "tuple index out of range"), values=(x,), taker="TransformerEncoder", needs=3,
            axes=("batch", "timesteps", "features"), got=x.shape,
        )  # fmt: skip


def _through(cx: Context, self: Instance, x: Array, layers: tuple[Instance, ...], args: tuple[Value, ...],
             named: dict[str, Value]) -> Value:  # fmt: skip
    out: Value = x
    for layer in layers:
        found = library_rule(cx, layer.cls.name, "forward") if isinstance(layer.cls, LibraryRef) else None
        if found is None or layer.fields.get("~hooks"):
            out = cx.call(layer, (out, *args), named)
        else:
            out = found.function(cx, layer, out, *args, **named)
        if isinstance(out, Array) and out.origin is None:
            out.origin = x.origin
    norm = self.fields.get("norm")
    if isinstance(norm, Instance) and isinstance(out, Array):
        known = library_rule(cx, norm.cls.name, "forward") if isinstance(norm.cls, LibraryRef) else None
        out = call_module(cx, norm, out) if known is None else known.function(cx, norm, out)
    return out


@rule("torch.nn.TransformerEncoder.forward")
def encoder_forward(
    cx: Context, self: Instance, src: Value, mask: Value | None = None, src_key_padding_mask: Value | None = None,
    is_causal: Value | None = None,
) -> Value:  # fmt: skip
    """The shape of ``src``."""
    x = asked_for(cx, src, "TransformerEncoder", "dtype")
    check_kind(cx, _tensor(src_key_padding_mask), "src_key_padding_mask")
    check_kind(cx, _tensor(mask), "mask")
    if x is None:
        return follows(cx, src)
    layers = _layers(cx, self)
    if not layers:
        return tensor(cx, x.shape, x.dtype, x, roles=x.roles)
    _check_length(cx, layers[0], x)
    causal = Const(flag(is_causal) is True) if given(is_causal) else FALSE
    named: dict[str, Value] = {
        "src_mask": NONE if mask is None else mask, "is_causal": causal,
        "src_key_padding_mask": NONE if src_key_padding_mask is None else src_key_padding_mask,
    }  # fmt: skip
    return _through(cx, self, x, layers, (), named)


@rule("torch.nn.TransformerDecoder.forward")
def decoder_forward(
    cx: Context, self: Instance, tgt: Value, memory: Value, tgt_mask: Value | None = None,
    memory_mask: Value | None = None, tgt_key_padding_mask: Value | None = None,
    memory_key_padding_mask: Value | None = None, tgt_is_causal: Value | None = None, memory_is_causal: Value = FALSE,
) -> Value:  # fmt: skip
    """The shape of ``tgt``."""
    x = asked_for(cx, tgt, "TransformerDecoder", "size")
    if x is None:
        return follows(cx, tgt)
    layers = _layers(cx, self)
    if not layers:
        return tensor(cx, x.shape, x.dtype, x, roles=x.roles)
    _check_length(cx, layers[0], x)
    causal = Const(flag(tgt_is_causal) is True) if given(tgt_is_causal) else FALSE
    named: dict[str, Value] = {
        "tgt_mask": NONE if tgt_mask is None else tgt_mask,
        "memory_mask": NONE if memory_mask is None else memory_mask,
        "tgt_key_padding_mask": NONE if tgt_key_padding_mask is None else tgt_key_padding_mask,
        "memory_key_padding_mask": NONE if memory_key_padding_mask is None else memory_key_padding_mask,
        "tgt_is_causal": causal, "memory_is_causal": memory_is_causal,
    }  # fmt: skip
    return _through(cx, self, x, layers, (memory,), named)


# -- the whole --------------------------------------------------------------------------------------------------------


@rule("torch.nn.Transformer.__init__", doc=f"{DOC}Transformer.html")
def transformer_init(
    cx: Context, self: Instance, d_model: Value = D_MODEL, nhead: Value = EIGHT, num_encoder_layers: Value = SIX,
    num_decoder_layers: Value = SIX, dim_feedforward: Value = WIDTH, dropout: Value = TENTH,
    activation: Value | None = None, custom_encoder: Value | None = None, custom_decoder: Value | None = None,
    layer_norm_eps: Value = E_5, batch_first: Value = FALSE, norm_first: Value = FALSE, bias: Value = TRUE,
    device: Value | None = None, dtype: Value | None = None,
) -> None:  # fmt: skip
    """An encoder and a decoder."""
    init_module(cx, self)
    parts = (
        ("encoder", "TransformerEncoder", "TransformerEncoderLayer", num_encoder_layers, custom_encoder),
        ("decoder", "TransformerDecoder", "TransformerDecoderLayer", num_decoder_layers, custom_decoder),
    )
    for name, stack, layer, count, custom in parts:
        if given(custom) and custom is not None:
            cx.set(self, name, custom)
            continue
        one = _made(
            cx, layer, self, d_model, nhead, dim_feedforward, dropout, activation=activation,
            layer_norm_eps=layer_norm_eps, batch_first=batch_first, norm_first=norm_first, bias=bias, device=device,
            dtype=dtype,
        )  # fmt: skip
        norm = _made(cx, "LayerNorm", self, d_model, eps=layer_norm_eps, bias=bias, device=device, dtype=dtype)
        cx.set(self, name, _made(cx, stack, self, one, count, norm))
    kept(cx, self, d_model=d_model, nhead=nhead, batch_first=batch_first)


@rule("torch.nn.Transformer.forward")
def transformer_forward(
    cx: Context, self: Instance, src: Value, tgt: Value, src_mask: Value | None = None, tgt_mask: Value | None = None,
    memory_mask: Value | None = None, src_key_padding_mask: Value | None = None,
    tgt_key_padding_mask: Value | None = None, memory_key_padding_mask: Value | None = None,
    src_is_causal: Value | None = None, tgt_is_causal: Value | None = None, memory_is_causal: Value = FALSE,
) -> Value:  # fmt: skip
    """The shape of ``tgt``."""
    x, y = asked_for(cx, src, "Transformer"), asked_for(cx, tgt, "Transformer", "size")
    if x is None or y is None:
        return follows(cx, src, tgt)
    if x.shape is not None and y.shape is not None:
        _check_pair(cx, self, x, y)
        note_sequence(cx, "Transformer", self, x, as_bool(self.fields.get("batch_first")))
    encoder, decoder = self.fields.get("encoder"), self.fields.get("decoder")
    if not isinstance(encoder, Instance) or not isinstance(decoder, Instance):
        return tensor(cx, y.shape, y.dtype, x, y, roles=y.roles)
    known = library_rule(cx, encoder.cls.name, "forward") if isinstance(encoder.cls, LibraryRef) else None
    named: dict[str, Value] = {
        "mask": NONE if src_mask is None else src_mask, "is_causal": NONE if src_is_causal is None else src_is_causal,
        "src_key_padding_mask": NONE if src_key_padding_mask is None else src_key_padding_mask,
    }  # fmt: skip
    memory = cx.call(encoder, (x,), named) if known is None else known.function(cx, encoder, x, **named)
    if isinstance(memory, Array) and memory.origin is None:
        memory.origin = x.origin
    more: dict[str, Value] = {
        "tgt_mask": NONE if tgt_mask is None else tgt_mask,
        "memory_mask": NONE if memory_mask is None else memory_mask,
        "tgt_key_padding_mask": NONE if tgt_key_padding_mask is None else tgt_key_padding_mask,
        "memory_key_padding_mask": NONE if memory_key_padding_mask is None else memory_key_padding_mask,
        "tgt_is_causal": NONE if tgt_is_causal is None else tgt_is_causal, "memory_is_causal": memory_is_causal,
    }  # fmt: skip
    other = library_rule(cx, decoder.cls.name, "forward") if isinstance(decoder.cls, LibraryRef) else None
    made: Value = (
        cx.call(decoder, (y, memory), more) if other is None else other.function(cx, decoder, y, memory, **more)
    )
    return made


def _check_pair(cx: Context, self: Instance, x: Array, y: Array) -> None:
    """As many samples, and ``d_model`` features on both sides."""
    a, b = x.shape or (), y.shape or ()
    first = as_bool(self.fields.get("batch_first"))
    if len(a) == 3 and first is not None:
        axis = 0 if first else 1
        if len(b) > axis and not cx.equal(a[axis], b[axis]):
            raise JoinMismatch(
                error(cx, "RuntimeError", "the batch number of src and tgt must be equal"), values=(x, y),
                taker="Transformer", shapes=(a, b), axis=2, differs=axis,
            )  # fmt: skip
    size = as_dim(self.fields.get("d_model"))
    if size is None:
        return
    for one in (x, y):
        features = (one.shape or (1,))[-1]
        if not cx.equal(features, size):
            message = "the feature number of src and tgt must be equal to d_model"
            raise FeatureMismatch(
                error(cx, "RuntimeError", message), values=(one,), taker="Transformer", needs=size, got=features, axis=-1,
                shape=one.shape,
            )  # fmt: skip


@rule("torch.nn.Transformer.generate_square_subsequent_mask")
def generate_square_subsequent_mask(
    cx: Context, *args: Value, sz: Value | None = None, device: Value | None = None, dtype: Value | None = None
) -> Value:
    """(sz, sz) of 0 and -inf above the diagonal: a static method, also asked of an object."""
    values = [value for value in args if not isinstance(value, Instance)]
    size = values[0] if values else sz
    if size is None:
        return cx.unknown("the size is not known")
    from foreshape.domain.contents import Contents

    more = {
        key: value for key, value in (("device", device), ("dtype", dtype)) if value is not None and not is_none(value)
    }
    made = cx.rule("torch.full", Sequence("tuple", Contents((size, size))), Const(float("-inf")), **more)
    if isinstance(made, Array):
        return made.replace(lo=None, hi=None, data=None)
    return made
