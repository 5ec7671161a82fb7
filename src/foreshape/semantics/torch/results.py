"""Results with named fields (``torch.return_types``): tuples whose elements have names."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final

from foreshape.domain.contents import Contents
from foreshape.domain.values import Instance, LibraryRef, Sequence, Value
from foreshape.semantics.registry import library_type

NAMES: Final = (
    "max", "min", "sort", "topk", "kthvalue", "median", "nanmedian", "mode", "cummax", "cummin", "aminmax", "frexp",
    "histogram", "histogramdd", "qr", "geqrf", "svd", "triangular_solve", "lu_unpack", "linalg_cholesky_ex", "linalg_eig",
    "linalg_eigh", "linalg_inv_ex", "linalg_ldl_factor", "linalg_ldl_factor_ex", "linalg_lstsq", "linalg_lu",
    "linalg_lu_factor", "linalg_lu_factor_ex", "linalg_qr", "linalg_slogdet", "linalg_solve_ex", "linalg_svd", "slogdet",
)  # fmt: skip

for _name in NAMES:
    library_type(f"torch.return_types.{_name}", "typing.NamedTuple")


def listed(*values: Value, kind: str = "tuple") -> Sequence:
    """A plain tuple or list."""
    made = Sequence(kind, Contents(values))
    made.tainted = any(value.tainted for value in values)
    return made


def named(name: str, **values: Value) -> Instance:
    """A tuple with named elements: ``named("max", values=v, indices=i)``."""
    fields: dict[Hashable, Any] = {}
    fields.update(values)
    fields["~items"] = listed(*values.values())
    made = Instance(LibraryRef(f"torch.return_types.{name}"), fields)
    made.tainted = any(value.tainted for value in values.values())
    return made
