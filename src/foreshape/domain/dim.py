"""Symbolic sizes, all in one place: `from foreshape.domain.dim import DimLike, var, eq, ...`.

`polynomial` has the arithmetic, `division` and `extremes` the canonical forms of those, `bounds` the bounds, `compare`
the comparisons that answer with a `Truth`, `dim_text` the text.
"""

from __future__ import annotations

from foreshape.domain.bounds import lower, upper
from foreshape.domain.compare import divides, eq, ge, gt, le, lt, ne, solve_eq
from foreshape.domain.dim_text import show
from foreshape.domain.division import ceildiv, floordiv
from foreshape.domain.extremes import dmax, dmin
from foreshape.domain.polynomial import (
    Dim,
    DimLike,
    FloorDiv,
    Max,
    Min,
    Var,
    as_var,
    is_none,
    of_atom,
    product,
    substitute,
    var,
    variables,
)

__all__ = [
    "Dim",
    "DimLike",
    "FloorDiv",
    "Max",
    "Min",
    "Var",
    "as_var",
    "ceildiv",
    "divides",
    "dmax",
    "dmin",
    "eq",
    "floordiv",
    "ge",
    "gt",
    "is_none",
    "le",
    "lower",
    "lt",
    "ne",
    "of_atom",
    "product",
    "show",
    "solve_eq",
    "substitute",
    "upper",
    "var",
    "variables",
]
