"""``nn.MultiheadAttention`` and ``F.multi_head_attention_forward``.

Follows ``torch/nn/modules/activation.py`` and ``torch/nn/functional.py``. (target, batch, features), or with ``batch_first=True``
(batch, target, features), or (target, features) of one sample; ``attn_mask`` is (target, source) or one per sample and head,
``key_padding_mask`` (batch, source).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents
from foreshape.domain.dim import DimLike
from foreshape.domain.origin import part_of
from foreshape.domain.values import Array, Const, Instance, LibraryRef, Sequence, Shape, Value, as_bool, as_dim, is_none
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.torch.mask_sense import note_padding_mask
from foreshape.semantics.torch.nn.attention_checks import (
    check_causal,
    check_kind,
    check_mask_dtype,
    check_mask_shape,
    check_padding_mask,
    check_products,
    check_ranks,
    check_sizes,
)
from foreshape.semantics.torch.nn.base import (
    FALSE,
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
from foreshape.semantics.torch.nn.demands import NOUGHT, asked_for, below
from foreshape.semantics.torch.silent import note_sequence
from foreshape.semantics.torch.support import flag, given, invalid, tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC: Final = "https://docs.pytorch.org/docs/stable/generated/torch.nn."
ATTENTION: Final = library_type("torch.nn.MultiheadAttention", MODULE)


# -- constructor ------------------------------------------------------------------------------------------------------


@rule("torch.nn.MultiheadAttention.__init__", doc=f"{DOC}MultiheadAttention.html")
def attention_init(
    cx: Context, self: Instance, embed_dim: Value, num_heads: Value, dropout: Value = NOUGHT, bias: Value = TRUE,
    add_bias_kv: Value = FALSE, add_zero_attn: Value = FALSE, kdim: Value | None = None, vdim: Value | None = None,
    batch_first: Value = FALSE, device: Value | None = None, dtype: Value | None = None,
) -> None:  # fmt: skip
    """``embed_dim`` is cut into ``num_heads`` equal parts."""
    size, heads = as_dim(embed_dim), as_dim(num_heads)
    if below(cx, embed_dim, 1) or below(cx, num_heads, 1):
        message = f"embed_dim and num_heads must be greater than 0, got embed_dim={size} and num_heads={heads} instead"
        raise invalid(cx, "ValueError", message, "embed_dim", size)
    init_module(cx, self)
    head: DimLike = cx.fresh()
    if size is not None and heads is not None:
        head = size // heads
        if not cx.equal(head * heads, size):
            message = "embed_dim must be divisible by num_heads"
            raise invalid(cx, "AssertionError", message, "num_heads", heads)
    keys = embed_dim if is_none(kdim) or kdim is None else kdim
    values = embed_dim if is_none(vdim) or vdim is None else vdim
    same = _same(keys, embed_dim) and _same(values, embed_dim)
    from foreshape.domain.values import int_value

    kept(
        cx, self, embed_dim=embed_dim, kdim=keys, vdim=values, _qkv_same_embed_dim=Const(same), num_heads=num_heads,
        dropout=dropout, batch_first=batch_first, head_dim=int_value(head), add_zero_attn=add_zero_attn,
    )  # fmt: skip
    made = factory(cx, dtype, device)
    cx.set(self, "~dtype", made.dtype)
    if same:
        add_parameter(cx, self, "in_proj_weight", None if size is None else (3 * size, size), made)
    else:
        add_parameter(cx, self, "q_proj_weight", _shape(size, size), made)
        add_parameter(cx, self, "k_proj_weight", _shape(size, as_dim(keys)), made)
        add_parameter(cx, self, "v_proj_weight", _shape(size, as_dim(values)), made)
    for name in ("in_proj_weight",) if not same else ("q_proj_weight", "k_proj_weight", "v_proj_weight"):
        cx.set(self, name, NONE)
    if as_bool(bias) is False:
        cx.set(self, "in_proj_bias", NONE)
    else:
        add_parameter(cx, self, "in_proj_bias", None if size is None else (3 * size,), made)
    output = Instance(LibraryRef("torch.nn.Linear"), {})
    output.origin = self.origin
    more = {key: value for key, value in (("device", device), ("dtype", dtype)) if value is not None}
    cx.rule("torch.nn.Linear.__init__", output, embed_dim, embed_dim, bias, **more)
    cx.set(self, "out_proj", output)
    for name in ("bias_k", "bias_v"):
        if as_bool(add_bias_kv):
            add_parameter(cx, self, name, None if size is None else (1, 1, size), made)
        else:
            cx.set(self, name, NONE)


def _same(a: Value, b: Value) -> bool:
    x, y = as_dim(a), as_dim(b)
    return a is b or (x is not None and y is not None and str(x) == str(y))


def _shape(*sizes: DimLike | None) -> Shape | None:
    return None if any(size is None for size in sizes) else tuple(size for size in sizes if size is not None)


# -- forward ----------------------------------------------------------------------------------------------------------


class Attend:
    """One call: tensors in the order (length, batch, features) of the function, and what the module is made of."""

    __slots__ = (
        "average", "bias", "causal", "embed", "extra", "heads", "key", "kinds", "mask", "padding", "query", "self_",
        "separate", "value", "weights",
    )  # fmt: skip

    def __init__(self, self_: Instance, query: Array, key: Array, value: Array) -> None:
        fields = self_.fields
        self.self_ = self_
        self.query = query
        self.key = key
        self.value = value
        self.embed = as_dim(fields.get("embed_dim"))
        self.heads = as_dim(fields.get("num_heads"))
        self.separate = as_bool(fields.get("_qkv_same_embed_dim")) is False
        self.bias = isinstance(fields.get("bias_k"), Array)
        self.extra = int(self.bias) + int(bool(as_bool(fields.get("add_zero_attn"))))
        self.mask: Array | None = None
        self.padding: Array | None = None
        self.weights: bool | None = True
        self.average: bool | None = True
        self.causal: bool | None = False
        self.kinds = (query is key, key is value)


@rule("torch.nn.MultiheadAttention.forward")
def attention_forward(
    cx: Context, self: Instance, query: Value, key: Value, value: Value, key_padding_mask: Value | None = None,
    need_weights: Value = TRUE, attn_mask: Value | None = None, average_attn_weights: Value = TRUE,
    is_causal: Value = FALSE,
) -> Value:  # fmt: skip
    """(output, weights); the weights are None with ``need_weights=False``."""
    made = attend_with(
        cx, self, query, key, value, key_padding_mask, need_weights, attn_mask, average_attn_weights, is_causal
    )
    if isinstance(key, Array):
        note_sequence(cx, class_name(self), self, key, as_bool(self.fields.get("batch_first")))
    return made


def attend_with(
    cx: Context, self: Instance, query: Value, key: Value, value: Value, key_padding_mask: Value | None = None,
    need_weights: Value = TRUE, attn_mask: Value | None = None, average_attn_weights: Value = TRUE,
    is_causal: Value = FALSE,
) -> Value:  # fmt: skip
    """What the module does, also inside another module."""
    found = [asked_for(cx, one, "MultiheadAttention") for one in (query, key, value)]
    padding, mask = _mask(key_padding_mask), _mask(attn_mask)
    check_kind(cx, padding, "key_padding_mask")
    check_kind(cx, mask, "attn_mask")
    tensors = [one for one in found if one is not None]
    open_masks = (given(key_padding_mask) and padding is None) or (given(attn_mask) and mask is None)
    if len(tensors) < 3 or any(one.shape is None for one in tensors):
        return _unknown(cx, self, tensors, need_weights)
    call = Attend(self, *tensors)
    call.weights, call.average, call.causal = flag(need_weights), flag(average_attn_weights), flag(is_causal)
    call.padding, call.mask = padding, mask
    if padding is not None:
        note_padding_mask(cx, "MultiheadAttention", padding, tensors[1])
    first = as_bool(self.fields.get("batch_first"))
    batched = len(tensors[0].shape or ()) == 3
    if batched and first is None:
        return _unknown(cx, self, tensors, need_weights)
    if batched and first:
        call.query, call.key, call.value = (_turned(one) for one in tensors)
    return attend(cx, call, bool(first), open_masks)


def _mask(value: Value | None) -> Array | None:
    return value if isinstance(value, Array) and value.kind == "torch" else None


def _unknown(cx: Context, self: Instance, tensors: list[Array], need_weights: Value) -> Value:
    if not tensors:
        return follows(cx, self)
    out = tensor(cx, None, tensors[0].dtype, *tensors, self.fields.get("in_proj_weight"))
    weights: Value = NONE if flag(need_weights) is False else tensor(cx, None, tensors[0].dtype, out)
    return Sequence("tuple", Contents((out, weights)))


def _turned(x: Array) -> Array:
    """``x.transpose(1, 0)``."""
    shape = x.shape or ()
    if len(shape) < 2:
        return x
    roles = x.roles
    made = x.replace(
        shape=(shape[1], shape[0], *shape[2:]), roles=None if roles is None else (roles[1], roles[0], *roles[2:])
    )
    made.origin = part_of(x)
    return made


def attend(cx: Context, call: Attend, first: bool, open_masks: bool = False) -> Value:
    """``multi_head_attention_forward``, its checks in its order."""
    batched = check_ranks(cx, call)
    query = call.query.shape or ()
    target, batch = (query[0], query[1]) if batched else (query[0], 1)
    source = (call.key.shape or ())[0]
    check_causal(cx, call, open_masks)
    unmasked = call.causal and call.padding is None and call.weights is False and not open_masks
    check_sizes(cx, call, query[-1], batched)
    check_products(cx, call, batched)
    if call.mask is not None and not unmasked:
        check_mask_shape(cx, call, target, source, batch)
    check_batches(cx, call, batch, batched)
    check_padding_mask(cx, call, source, batch, batched)
    if call.mask is not None and not unmasked:
        check_mask_dtype(cx, call)
    return _results(cx, call, first, batched, (target, source, batch))


def check_batches(cx: Context, call: Attend, batch: DimLike, batched: bool) -> None:
    """``k.view(length, batch * heads, head_dim)``: keys of another batch size cannot be cut that way."""
    if not batched or call.heads is None or call.embed is None:
        return
    shape = call.key.shape or ()
    if len(shape) == 3 and not cx.equal(shape[1], batch):
        from foreshape.faults.reshape_size import ReshapeSize
        from foreshape.semantics.torch.support import error

        wanted = (shape[0], batch * call.heads, call.embed // call.heads)
        size = shape[0] * shape[1] * call.embed
        listed = ", ".join(str(dim) for dim in wanted)
        message = f"shape '[{listed}]' is invalid for input of size {size}"
        raise ReshapeSize(
            error(cx, "RuntimeError", message), values=(call.key, call.query), taker="MultiheadAttention", shape=shape,
            target=wanted,
        )  # fmt: skip


def _results(cx: Context, call: Attend, first: bool, batched: bool, sizes: tuple[DimLike, DimLike, DimLike]) -> Value:
    target, source, batch = sizes
    weight = next(
        (held for name in ("in_proj_weight", "q_proj_weight")
         if isinstance(held := call.self_.fields.get(name), Array)), None,
    )  # fmt: skip
    embed: DimLike = (call.query.shape or ())[-1]
    sources = (call.query, call.key, call.value, weight, call.mask, call.padding)
    dtype = call.query.dtype if call.query.dtype is not None else weight.dtype if weight is not None else None
    roles = call.query.roles
    if not batched:
        out = tensor(cx, (target, embed), dtype, *sources, roles=_roles(roles, ("time",)))
    elif first:
        turned = None if roles is None else (roles[1], roles[0], *roles[2:])
        strides = (embed, batch * embed, 1)
        out = tensor(
            cx, (batch, target, embed), dtype, *sources, roles=_roles(turned, ("batch", "time")), strides=strides
        )
    else:
        out = tensor(cx, (target, batch, embed), dtype, *sources, roles=_roles(roles, ("time", "batch")))
    if call.weights is False:
        return Sequence("tuple", Contents((out, NONE)))
    if call.weights is None or call.average is None:
        return Sequence("tuple", Contents((out, cx.unknown("whether the weights are given is not known"))))
    heads: tuple[DimLike, ...] = () if call.average else ((cx.fresh() if call.heads is None else call.heads),)
    front: tuple[DimLike, ...] = (batch,) if batched else ()
    shape = (*front, *heads, target, source + call.extra)
    names = (*(("batch",) if batched else ()), *((None,) if heads else ()), "time", "time")
    weights = tensor(cx, shape, dtype, *sources, roles=names, lo=0.0, hi=1.0)
    return Sequence("tuple", Contents((out, weights)))


def _roles(held: tuple[str | None, ...] | None, reads: tuple[str, ...]) -> tuple[str | None, ...]:
    front = reads if held is None or not any(held[: len(reads)]) else held[: len(reads)]
    return (*front, "feature")


@rule("torch.nn.functional.multi_head_attention_forward", doc=f"{DOC}functional.multi_head_attention_forward.html")
def multi_head_attention_forward(
    cx: Context, query: Value, key: Value, value: Value, embed_dim_to_check: Value, num_heads: Value,
    in_proj_weight: Value, in_proj_bias: Value, bias_k: Value, bias_v: Value, add_zero_attn: Value, dropout_p: Value,
    out_proj_weight: Value, out_proj_bias: Value, training: Value = TRUE, key_padding_mask: Value | None = None,
    need_weights: Value = TRUE, attn_mask: Value | None = None, use_separate_proj_weight: Value = FALSE,
    q_proj_weight: Value | None = None, k_proj_weight: Value | None = None, v_proj_weight: Value | None = None,
    static_k: Value | None = None, static_v: Value | None = None, average_attn_weights: Value = TRUE,
    is_causal: Value = FALSE,
) -> Value:  # fmt: skip
    """The function that the module calls: always (length, batch, features)."""
    module = Instance(LibraryRef(ATTENTION), {
        "embed_dim": embed_dim_to_check, "kdim": embed_dim_to_check, "vdim": embed_dim_to_check,
        "_qkv_same_embed_dim": Const(flag(use_separate_proj_weight) is not True), "num_heads": num_heads,
        "batch_first": FALSE, "add_zero_attn": add_zero_attn, "bias_k": bias_k, "in_proj_weight": in_proj_weight,
        "q_proj_weight": NONE if q_proj_weight is None else q_proj_weight,
        "k_proj_weight": NONE if k_proj_weight is None else k_proj_weight,
        "v_proj_weight": NONE if v_proj_weight is None else v_proj_weight,
    })  # fmt: skip
    if given(static_k) or given(static_v):
        return cx.unknown("keys that stay the same are not modelled")
    return attention_forward(
        cx, module, query, key, value, key_padding_mask, need_weights, attn_mask, average_attn_weights, is_causal
    )
