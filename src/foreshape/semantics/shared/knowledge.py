"""What the expression that made an array says of its values: that none is NaN, that all of a few values occur."""

from __future__ import annotations

import ast
from typing import Any, Final

from foreshape.domain.origin import MOST_INPUTS, last_name
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    Int,
    LibraryRef,
    RangeValue,
    Sequence,
    SliceValue,
    Typed,
    Value,
)

FINITE: Final = frozenset(
    (
        "normal", "randn", "standard_normal", "rand", "random", "random_sample", "uniform", "randint",
        "integers", "exponential", "poisson", "binomial", "gamma", "beta", "choice", "laplace", "lognormal",
        "gumbel", "weibull", "triangular", "logistic", "permutation", "arange", "linspace", "zeros", "ones",
        "full", "zeros_like", "ones_like", "full_like", "eye", "array", "asarray", "cumsum", "cumprod", "sum",
        "mean", "std", "var", "min", "max", "abs", "absolute", "sin", "cos", "tanh", "arctan", "exp", "sinh",
        "cosh", "square", "sign", "floor", "ceil", "round", "around", "rint", "clip", "concatenate", "stack",
        "vstack", "hstack", "column_stack", "reshape", "ravel", "flatten", "transpose", "astype", "copy",
        "repeat", "tile", "roll", "flip", "sort", "maximum", "minimum", "add", "subtract", "multiply",
        "convolve", "outer", "expand_dims", "squeeze", "broadcast_to", "where", "to_numpy", "float32",
        "float64", "int32", "int64", "cos", "radians", "deg2rad", "meshgrid", "dot", "matmul",
    )
)  # fmt: skip
"""Functions that make no NaN of numbers."""
DEPTH: Final = 24


def surely_finite(value: Value, depth: int = DEPTH) -> bool:
    """Whether none of the values is NaN, as far as the program shows: they are drawn, counted and computed plainly."""
    if isinstance(value, Const):
        return not isinstance(value.value, float) or value.value == value.value
    if isinstance(value, (Int, Typed, RangeValue, SliceValue, LibraryRef)):
        return True
    if isinstance(value, Sequence):
        return all(surely_finite(one, depth - 1) for one in value.contents.distinct()) if depth else False
    if isinstance(value, Instance):
        # what draws numbers; a frame may have gaps
        return value.snapshot is None
    if not isinstance(value, Array):
        return False
    if value.dtype is not None and value.dtype.startswith(("int", "uint", "bool")):
        return True
    if value.data is not None:
        return all(not isinstance(item, float) or item == item for item in value.data)
    if value.lo is not None and value.hi is not None:
        return True
    origin = value.origin
    if origin is None or not depth or len(origin.inputs) >= MOST_INPUTS or value.kind != "numpy":
        return False
    node = origin.node
    if value.meta.get("finite"):
        # of a frame without gaps; what was written into it since is among the inputs
        return all(surely_finite(one, depth - 1) for one in origin.inputs if not isinstance(one, Instance))
    inputs = all(surely_finite(one, depth - 1) for one in origin.inputs)
    if isinstance(node, ast.Call):
        name = last_name(node.func)
        return name in FINITE and inputs
    if isinstance(node, ast.BinOp):
        if isinstance(node.op, (ast.Div, ast.FloorDiv, ast.Mod)):
            return inputs and _not_zero(origin.inputs[1] if len(origin.inputs) > 1 else None)
        if isinstance(node.op, ast.Pow):
            return inputs and isinstance(node.right, ast.Constant) and isinstance(node.right.value, int)
        return inputs
    return isinstance(node, (ast.UnaryOp, ast.Subscript)) and bool(origin.inputs) and inputs


def _not_zero(value: Value | None) -> bool:
    if isinstance(value, Const):
        return isinstance(value.value, (int, float)) and value.value != 0
    if isinstance(value, (Array, Typed)):
        low, high = value.lo, value.hi
        return (isinstance(low, (int, float)) and low > 0) or (isinstance(high, (int, float)) and high < 0)
    return False


# -- how many values occur ----------
ENOUGH: Final = 25
"""Of k values drawn this many times k all occur, but for once in billions of runs."""


def _picked_at_random(population: Value, places: Value, depth: int) -> int | None:
    """How many different values of known ones are picked by places drawn at random, where each place occurs."""
    if not isinstance(places, Array) or not isinstance(population, Array) or population.data is None:
        return None
    drawn = drawn_values(places, depth - 1)
    return len(set(population.data)) if drawn is not None and drawn == len(population.data) else None


def drawn_values(array: Array, depth: int = 4) -> int | None:
    """How many different values an array drawn at random holds, where so many are drawn that each occurs."""
    origin = array.origin
    if origin is None or not depth or array.shape is None:
        return None
    node = origin.node
    if isinstance(node, ast.Subscript) and len(origin.inputs) > 1:
        return _picked_at_random(origin.inputs[0], origin.inputs[1], depth)
    if not isinstance(node, ast.Call) or not origin.inputs:
        return None
    name = last_name(node.func)
    if name in ("astype", "reshape", "ravel", "flatten", "copy", "tolist") and isinstance(origin.inputs[0], Array):
        return drawn_values(origin.inputs[0], depth - 1)
    total = 1
    for size in array.shape:
        if not isinstance(size, int):
            return None
        total *= size
    values: int | None = None
    if name in ("randint", "integers", "random_integers") and isinstance(array.lo, int) and isinstance(array.hi, int):
        values = array.hi - array.lo + 1
    elif (
        name == "choice"
        and not any(keyword.arg in ("p", "replace") for keyword in node.keywords)
        and len(node.args) <= 2
    ):
        population = origin.inputs[1 if isinstance(origin.inputs[0], Instance) and len(origin.inputs) > 1 else 0]
        values = _population(population)
    if values is None or values < 1 or total < ENOUGH * values:
        return None
    return values


def drawn_levels(array: Array) -> tuple[Any, ...] | None:
    """The different values of an array drawn at random, in order, where each of them occurs; None where not known."""
    if drawn_values(array) is None or array.origin is None:
        return None
    node, inputs = array.origin.node, array.origin.inputs
    value = inputs[1 if isinstance(inputs[0], Instance) and len(inputs) > 1 else 0]
    if isinstance(node, ast.Call) and not (isinstance(node.func, ast.Attribute) and node.func.attr == "choice"):
        return None
    known = value.data if isinstance(value, Array) else None
    if isinstance(value, Sequence):
        known = tuple(item.value for item in value.contents.items(256) or () if isinstance(item, Const))
    try:
        return tuple(sorted(set(known))) if known else None
    except TypeError:
        return None


def _population(value: Value) -> int | None:
    if isinstance(value, Const) and isinstance(value.value, int):
        return value.value
    if isinstance(value, Sequence):
        items = value.contents.items(256)
        if items is not None and all(isinstance(item, Const) for item in items):
            return len({item.value for item in items if isinstance(item, Const)})
    if isinstance(value, Array) and value.data is not None:
        return len(set(value.data))
    return None
