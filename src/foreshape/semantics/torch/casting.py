"""Dtypes under ``autocast``. Inside of the mode float dtypes are brought together, so that nothing is said about them there;
what a product was made in shows where the mode has been left.

https://docs.pytorch.org/docs/stable/amp.html#cpu-op-specific-behavior
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.values import Array

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

CAST: Final = "cast"
"""The mark of a dtype that the mode has chosen."""


def product_dtype(cx: Context, dtype: str | None) -> str | None:
    """The dtype of a product of matrices: under ``autocast`` the device and the mode decide, so None."""
    return None if cx.state("torch").fields.get("autocast") else dtype


def cast_meta(cx: Context, *arrays: Array | None) -> dict[str, Any]:
    """The mark of a product that ``autocast`` makes in bfloat16 on the CPU. Inside of the mode dtypes are brought together, so
    that it counts only outside."""
    if cx.state("torch").fields.get("autocast") != ("cpu", "bfloat16"):
        return {}
    known = [array for array in arrays if array is not None]
    plain = all(
        x.meta.get("device", "cpu") == "cpu" and (x.dtype in ("float32", "bfloat16") or CAST in x.meta) for x in known
    )
    return {CAST: "bfloat16"} if plain else {}


def uncast(cx: Context, x: Array) -> Array:
    """A tensor that was made under ``autocast``, with its dtype where the mode has been left."""
    if x.dtype is not None or CAST not in x.meta or cx.state("torch").fields.get("autocast"):
        return x
    meta = {key: value for key, value in x.meta.items() if key != CAST}
    return x.replace(dtype=x.meta[CAST], meta=meta, origin=x.origin)
