"""What a ``# shape: (n, 10, 3) float32`` comment declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike, var
from foreshape.domain.values import Array, Value

if TYPE_CHECKING:
    from foreshape.interpret.core import Core
    from foreshape.source.comments import Declaration


def declared_array(core: Core, declaration: Declaration, value: Value) -> Array:
    """The declared array. Names are one dimension each for the whole process; what the source shows is kept where the
    declaration leaves it open."""
    dims: list[DimLike] = []
    open_rank = False
    for dim in declaration.dims:
        if isinstance(dim, int):
            dims.append(dim)
        elif dim == "...":
            open_rank = True
        elif dim is None or dim == "?":
            dims.append(core.fresh())
        else:
            key = ("~declared", str(dim))
            known = core.process.get(key)
            if known is None:
                known = core.process[key] = var(str(dim))
            dims.append(known)
    known_array = value if isinstance(value, Array) else None
    kind = known_array.kind if known_array is not None else "numpy"
    dtype = declaration.dtype or (known_array.dtype if known_array is not None else None)
    shape = None if open_rank else tuple(dims)
    return Array(kind, shape, dtype)
