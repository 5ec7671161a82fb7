"""What attention says about inputs and masks that do not fit, in the words of ``torch/nn/functional.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Shape
from foreshape.faults.feature_mismatch import FeatureMismatch
from foreshape.faults.join_mismatch import JoinMismatch
from foreshape.faults.mask_shape import MaskShape
from foreshape.faults.rank_mismatch import RankMismatch
from foreshape.faults.weights_shape import WeightsShape
from foreshape.semantics.torch.nn.demands import autocasting, size_text, tuple_text
from foreshape.semantics.torch.support import error, invalid, is_floating, scalar_name, wrong_dtype

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context
    from foreshape.semantics.torch.nn.attention import Attend

TAKER: Final = "MultiheadAttention"
CAUSAL: Final = (
    "Need attn_mask if specifying the is_causal hint. You may use the Transformer module method "
    "`generate_square_subsequent_mask` to create this mask."
)
C_NAMES: Final = {
    "float32": "float", "float64": "double", "float16": "c10::Half", "bfloat16": "c10::BFloat16", "int64": "long int",
    "int32": "int", "bool": "bool", "uint8": "unsigned char", "int16": "short int", "int8": "signed char",
}  # fmt: skip


def check_kind(cx: Context, mask: Array | None, name: str) -> None:
    """A mask is bool (True: not looked at) or float (added)."""
    if mask is None or mask.dtype is None or mask.dtype == "bool" or is_floating(mask.dtype):
        return
    message = f"only bool and floating types of {name} are supported"
    exception = "AssertionError"
    raise wrong_dtype(cx, exception, message, name, mask, wanted="bool")


def _rank(cx: Context, message: str, x: Array, needs: int, taker: str = TAKER) -> RankMismatch:
    return RankMismatch(error(cx, "AssertionError", message), values=(x,), taker=taker, needs=needs, got=x.shape or ())


def check_ranks(cx: Context, call: Attend) -> bool:
    """``_mha_shape_check``: whether the query is batched."""
    rank = len(call.query.shape or ())
    if rank not in (2, 3):
        message = f"query should be unbatched 2D or batched 3D tensor but received {rank}-D query tensor"
        raise _rank(cx, message, call.query, 3)
    what = "For batched (3-D) `query`, expected" if rank == 3 else "For unbatched (2-D) `query`, expected"
    keys, values = len(call.key.shape or ()), len(call.value.shape or ())
    if keys != rank or values != rank:
        message = f"{what} `key` and `value` to be {rank}-D but found {keys}-D and {values}-D tensors respectively"
        raise _rank(cx, message, call.key if keys != rank else call.value, rank, "the key of the attention")
    padding, mask = call.padding, call.mask
    if padding is not None and padding.shape is not None and len(padding.shape) != rank - 1:
        found = len(padding.shape)
        message = f"{what} `key_padding_mask` to be `None` or {rank - 1}-D but found {found}-D tensor instead"
        raise _rank(cx, message, padding, rank - 1, "key_padding_mask")
    if mask is not None and mask.shape is not None:
        if len(mask.shape) not in (2, 3):
            found = len(mask.shape)
            message = f"{what} `attn_mask` to be `None`, 2-D or 3-D but found {found}-D tensor instead"
            raise _rank(cx, message, mask, 2, "attn_mask")
        if rank == 2 and len(mask.shape) == 3 and call.heads is not None:
            wanted = (call.heads, (call.query.shape or ())[0], (call.key.shape or ())[0])
            if not all(map(cx.equal, mask.shape, wanted)):
                message = f"Expected `attn_mask` shape to be {tuple_text(wanted)} but got {size_text(mask.shape)}"
                raise _mask(cx, "AssertionError", message, mask, wanted)
    return rank == 3


def _mask(cx: Context, exception: str, message: str, mask: Array, wanted: Shape) -> MaskShape:
    held = mask.shape or ()
    axis = next((place for place, (a, b) in enumerate(zip(held, wanted)) if str(a) != str(b)), 0)
    return MaskShape(error(cx, exception, message), values=(mask,), mask=held, shape=wanted, axis=axis)


def check_causal(cx: Context, call: Attend, open_masks: bool) -> None:
    """``is_causal`` is only a hint: the mask has to be there."""
    if call.causal and call.mask is None and not open_masks:
        raise invalid(cx, "RuntimeError", CAUSAL, "is_causal", "True without a mask", call.query)


def check_sizes(cx: Context, call: Attend, features: DimLike, batched: bool) -> None:
    """``embed_dim`` features, and keys that go with the values."""
    if call.embed is not None and not cx.equal(call.embed, features):
        message = f"was expecting embedding dimension of {call.embed}, but got {features}"
        raise FeatureMismatch(
            error(cx, "AssertionError", message), values=(call.query,), taker=TAKER, needs=call.embed, got=features,
            axis=-1, shape=call.query.shape,
        )  # fmt: skip
    keys, values = (_widened(one.shape or (), batched) for one in (call.key, call.value))
    if call.separate:
        keys, values = keys[:2], values[:2]
    if all(map(cx.equal, keys, values)):
        return
    if call.separate:
        message = f"key's sequence and batch dims {size_text(keys)} do not match value's {size_text(values)}"
    else:
        message = f"key shape {size_text(keys)} does not match value shape {size_text(values)}"
    raise JoinMismatch(
        error(cx, "AssertionError", message), values=(call.key, call.value), taker=TAKER, shapes=(keys, values), axis=-1,
        differs=next((place for place, (a, b) in enumerate(zip(keys, values)) if str(a) != str(b)), None),
    )  # fmt: skip


def _widened(shape: Shape, batched: bool) -> Shape:
    return shape if batched else (shape[0], 1, *shape[1:])


def check_products(cx: Context, call: Attend, batched: bool) -> None:
    """The projections of query, key and value."""
    fields = call.self_.fields
    embed = call.embed
    if call.separate:
        for name, x in (("key", call.key), ("value", call.value)):
            weight = fields.get(f"{name[0]}_proj_weight")
            size = (x.shape or ())[-1]
            if isinstance(weight, Array) and weight.shape is not None and not cx.equal(weight.shape[1], size):
                wanted = tuple_text((weight.shape[0], size))
                message = f"expecting {name} weights shape of {wanted}, but got {size_text(weight.shape)}"
                raise WeightsShape(
                    error(cx, "AssertionError", message), values=(x,), layer=TAKER, needs=(weight.shape[0], size),
                    got=weight.shape,
                )  # fmt: skip
    weight = fields.get("in_proj_weight")
    held = weight if isinstance(weight, Array) else fields.get("q_proj_weight")
    for x in (call.query, call.key, call.value):
        if (
            isinstance(held, Array)
            and None not in (held.dtype, x.dtype)
            and held.dtype != x.dtype
            and not autocasting(cx)
        ):
            names = f"{scalar_name(x.dtype)} and {scalar_name(held.dtype)}"
            message = f"mat1 and mat2 must have the same dtype, but got {names}"
            raise wrong_dtype(cx, "RuntimeError", message, TAKER, x, wanted=held.dtype)
        size = (x.shape or ())[-1]
        if call.separate or embed is None or cx.equal(size, embed):
            continue
        rows: DimLike = 1
        for dim in (x.shape or ())[:-1]:
            rows = rows * dim
        columns = 2 * embed if call.kinds[1] else embed
        message = f"mat1 and mat2 shapes cannot be multiplied ({rows}x{size} and {embed}x{columns})"
        raise FeatureMismatch(
            error(cx, "RuntimeError", message), values=(x,), taker=TAKER, needs=embed, got=size, axis=-1, shape=x.shape
        )


def check_mask_shape(cx: Context, call: Attend, target: DimLike, source: DimLike, batch: DimLike) -> None:
    """(target, source), or one for each sample and head."""
    mask = call.mask
    if mask is None or mask.shape is None:
        return
    if len(mask.shape) == 2:
        wanted: Shape = (target, source)
    elif call.heads is None:
        return
    else:
        wanted = (batch * call.heads, target, source)
    if not all(map(cx.equal, mask.shape, wanted)):
        rank = len(mask.shape)
        message = f"The shape of the {rank}D attn_mask is {size_text(mask.shape)}, but should be {tuple_text(wanted)}."
        raise _mask(cx, "RuntimeError", message, mask, wanted)


def check_padding_mask(cx: Context, call: Attend, source: DimLike, batch: DimLike, batched: bool) -> None:
    """(batch, source); a learnt key and a zero key are counted on both sides."""
    mask = call.padding
    if mask is None or mask.shape is None:
        return
    shape = mask.shape if batched else (1, *mask.shape)
    wanted = (batch, source)
    for axis in (0, 1):
        if not cx.equal(shape[axis], wanted[axis]):
            size, found = (wanted[axis], shape[axis]) if not axis else (source + call.extra, shape[1] + call.extra)
            message = f"Expected key_padded_mask.shape[{axis}] to be {size}, but got {found}"
            raise _mask(cx, "AssertionError", message, mask, wanted if batched else (source,))


def check_mask_dtype(cx: Context, call: Attend) -> None:
    """A float mask has the dtype of the query."""
    mask, dtype = call.mask, call.query.dtype
    if mask is None or dtype is None or mask.dtype in (None, "bool", dtype) or call.padding is not None:
        return
    odd, own = C_NAMES.get(mask.dtype or "", mask.dtype), C_NAMES.get(dtype, dtype)
    message = f"Input dtypes must be the same, got: input {odd}, batch1: {own}, batch2: {own}"
    if call.weights is False:
        message = mask_dtype_text(mask.dtype, dtype)
    raise wrong_dtype(cx, "RuntimeError", message, "attn_mask", mask, wanted=dtype)


def mask_dtype_text(mask: str | None, query: str | None) -> str:
    """What ``scaled_dot_product_attention`` says."""
    odd, own = C_NAMES.get(mask or "", mask), C_NAMES.get(query or "", query)
    return (
        f"Expected attn_mask dtype to be bool or float or to match query dtype, but got attn_mask.dtype: {odd} and  "
        f"query.dtype: {own} instead."
    )
