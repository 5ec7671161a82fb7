"""Names that look like an attribute of an array, but are none: slips of the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array, Value, as_str, const
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

NAMES: Final = frozenset((
    "T", "all", "any", "argmax", "argmin", "argpartition", "argsort", "astype", "base", "byteswap", "choose", "clip",
    "compress", "conj", "conjugate", "copy", "ctypes", "cumprod", "cumsum", "data", "device", "diagonal", "dot", "dtype",
    "dump", "dumps", "fill", "flags", "flat", "flatten", "getfield", "imag", "item", "itemset", "itemsize", "mT", "max",
    "mean", "min", "nbytes", "ndim", "newbyteorder", "nonzero", "partition", "prod", "ptp", "put", "ravel", "real",
    "repeat", "reshape", "resize", "round", "searchsorted", "setfield", "setflags", "shape", "size", "sort", "squeeze",
    "std", "strides", "sum", "swapaxes", "take", "to_device", "tobytes", "tofile", "tolist", "tostring", "trace",
    "transpose", "var", "view",
))  # fmt: skip


@rule("numpy.ndarray.*", kind="lacking")
def misspelt(cx: Context, self: Value, name: Value) -> Value | None:
    """The attribute that was meant, where the array certainly has none of this name and one is spelt almost so."""
    asked = as_str(name)
    found = meant(self, asked) if isinstance(self, Array) and asked is not None else None
    return None if found is None else const(found)


def meant(array: Array, name: str) -> str | None:
    """As ``misspelt``."""
    if array.kind != "numpy" or array.shape is None or array.dtype is None or "maybe_sparse" in array.meta:
        return None
    if name in NAMES or name.startswith("_") or len(name) < 4 or array.dtype in ("object", "void"):
        return None
    from difflib import get_close_matches

    found = get_close_matches(name, NAMES, 1, 0.75)
    return found[0] if found else None
