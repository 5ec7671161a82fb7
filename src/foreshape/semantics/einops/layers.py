"""The layers of einops for PyTorch: ``Rearrange``, ``Reduce``, ``EinMix``.

https://einops.rocks/3-einmix-layer/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, Instance, Value, as_str
from foreshape.faults.base import Raises
from foreshape.semantics.einops.functions import apply, fault_of, lengths_of, transform
from foreshape.semantics.einops.pattern import (
    ELLIPSIS,
    Expression,
    PatternError,
    check,
    check_names,
    recipe,
    set_text,
    sides,
)
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.torch.nn.base import MODULE, add_parameter, init_module
from foreshape.semantics.torch.support import tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

REARRANGE = library_type("einops.layers.torch.Rearrange", MODULE)
REDUCE = library_type("einops.layers.torch.Reduce", MODULE)
EINMIX = library_type("einops.layers.torch.EinMix", MODULE)


def _shown(name: str, pattern: str, more: tuple[str, ...], given: Mapping[str, Value]) -> str:
    parts = [repr(pattern), *(repr(word) for word in more)]
    for axis, value in given.items():
        parts.append(f"{axis}={value.value if isinstance(value, Const) else '?'}")
    return f"{name}({', '.join(parts)})"


def _prepare(
    cx: Context, self: Instance, pattern: Value, operation: str, given: Mapping[str, Value], shown: str
) -> None:
    init_module(cx, self)
    cx.set(self, "pattern", pattern)
    cx.set(self, "~given", dict(given))
    cx.set(self, "~operation", operation)
    text = as_str(pattern)
    if text is None:
        return
    try:
        left, right = check(text, operation, tuple(given))
        check_names(left, right, tuple(given))
    except PatternError as problem:
        message = f" Error while preparing {shown}\n {problem.text}"
        raise fault_of(problem, message, text, pattern, shown.partition("(")[0]) from None


@rule(f"{REARRANGE}.__init__", doc="https://einops.rocks/api/rearrange/")
def rearrange_init(cx: Context, self: Instance, pattern: Value, **axes_lengths: Value) -> Value:
    """The pattern is checked at once."""
    shown = _shown("Rearrange", as_str(pattern) or "", (), axes_lengths)
    _prepare(cx, self, pattern, "rearrange", axes_lengths, shown)
    return Const(None)


@rule(f"{REDUCE}.__init__", doc="https://einops.rocks/api/reduce/")
def reduce_init(cx: Context, self: Instance, pattern: Value, reduction: Value, **axes_lengths: Value) -> Value:
    """The pattern is checked at once."""
    word = as_str(reduction)
    cx.set(self, "reduction", reduction)
    shown = _shown("Reduce", as_str(pattern) or "", (word or "",), axes_lengths)
    _prepare(cx, self, pattern, word or "", axes_lengths, shown)
    return Const(None)


@rule(f"{REARRANGE}.forward", f"{REDUCE}.forward")
def forward(cx: Context, self: Instance, input: Value) -> Value:
    """The pattern applied. KeyError for another number of axes, EinopsError for sizes that do not fit."""
    pattern, operation = self.fields.get("pattern"), self.fields.get("~operation")
    given = self.fields.get("~given")
    if not isinstance(pattern, Value) or not isinstance(operation, str) or not isinstance(given, dict):
        return cx.unknown("the pattern is not known")
    text = as_str(pattern)
    reduction = self.fields.get("reduction")
    if not isinstance(input, Array) or input.shape is None or text is None:
        return transform(cx, input, pattern, operation, reduction, given)
    try:
        found = recipe(cx, text, operation, input.shape, lengths_of(cx, given))
    except PatternError as problem:
        if problem.rank is not None:
            from foreshape.faults.rank_mismatch import RankMismatch

            rank = len(input.shape)
            name = "Rearrange" if operation == "rearrange" else "Reduce"
            raised = Raises("KeyError", str(rank), by="einops")
            raise RankMismatch(raised, values=(input,), taker=name, needs=problem.rank, got=input.shape) from None
        raise fault_of(problem, problem.text, text, input, operation) from None
    return apply(cx, input, found, operation, reduction)


# -- EinMix ------------------------------------------------------------------------------------------------------------


@rule(f"{EINMIX}.__init__", doc="https://einops.rocks/3-einmix-layer/")
def einmix_init(
    cx: Context,
    self: Instance,
    pattern: Value,
    weight_shape: Value,
    bias_shape: Value | None = None,
    **axes_lengths: Value,
) -> Value:
    """A linear layer over named axes."""
    init_module(cx, self)
    text, weight_text = as_str(pattern), as_str(weight_shape)
    cx.set(self, "pattern", pattern)
    cx.set(self, "weight_shape", weight_shape)
    cx.set(self, "~given", dict(axes_lengths))
    if text is None or weight_text is None:
        cx.set(self, "~more", True)
        return Const(None)
    lengths = lengths_of(cx, axes_lengths)
    bias_text = as_str(bias_shape)
    try:
        _check_einmix(text, weight_text, tuple(lengths))
        _, right = sides(text)
        weight = Expression(weight_text)
        bias = Expression(bias_text) if bias_text is not None else None
        if bias is not None:
            odd = bias.names - right.names
            if odd:
                raise PatternError(f"Bias axes {set_text(odd)} not present in output")
            odd = bias.names - set(lengths)
            if odd:
                raise PatternError(f"Sizes not provided for bias axes {set_text(odd)}")
    except PatternError as problem:
        raise fault_of(problem, problem.text, text, pattern, "EinMix") from None

    def size(name: object) -> int | None:
        found = lengths.get(str(name))
        return found if found is not None else cx.fresh(str(name))  # type: ignore[return-value]

    shape = tuple(size(group[0]) for group in weight.groups if not isinstance(group, str) and group)
    add_parameter(cx, self, "weight", shape)  # type: ignore[arg-type]
    if bias is not None:
        flat = [axis for group in right.groups if not isinstance(group, str) for axis in group if axis != ELLIPSIS]
        add_parameter(cx, self, "bias", tuple(size(axis) if axis in bias.names else 1 for axis in flat))  # type: ignore[misc]
    else:
        cx.set(self, "bias", Const(None))
    return Const(None)


def _check_einmix(text: str, weight_text: str, given: tuple[str, ...]) -> None:
    left, right = sides(text)
    weight = Expression(weight_text)
    odd = right.names - {*left.names, *weight.names}
    if odd:
        raise PatternError(f"Unrecognized identifiers on the right side of EinMix {set_text(odd)}")
    if weight.ellipsis:
        raise PatternError("Ellipsis is not supported in weight, as its shape should be fully specified")
    if (left.ellipsis or right.ellipsis) and not (left.ellipsis and right.ellipsis):
        raise PatternError(f"Ellipsis in EinMix should be on both sides, {text}")
    if left.numbers or right.numbers or weight.numbers:
        raise PatternError("Anonymous axes (numbers) are not allowed in EinMix")
    if "(" in weight_text or ")" in weight_text:
        raise PatternError(f"Parenthesis is not allowed in weight shape: {weight_text}")
    for axis in sorted(map(str, weight.names)):
        if axis not in given:
            raise PatternError(f"Dimension {axis} of weight should be specified")
    unused = set(given) - {*map(str, left.names), *map(str, weight.names)}
    if unused:
        raise PatternError(f"Axes {set_text(unused)} are not used in pattern")
    redundant = weight.names - {*left.names, *right.names}
    if redundant:
        raise PatternError(f"Weight axes {set_text(redundant)} are redundant")


@rule(f"{EINMIX}.forward")
def einmix_forward(cx: Context, self: Instance, input: Value) -> Value:
    """Sizes that the weight knows must fit the input."""
    pattern, given = self.fields.get("pattern"), self.fields.get("~given")
    text = as_str(pattern) if isinstance(pattern, Value) else None
    if text is None or not isinstance(input, Array) or input.shape is None or not isinstance(given, dict):
        return cx.unknown("the pattern or the input is not known")
    left, right = sides(text)
    weight = as_str(self.fields.get("weight_shape")) or ""
    names = Expression(weight).names
    known = lengths_of(cx, given)
    shared = {name: size for name, size in known.items() if name in left.names}
    opened = f"{text.split('->')[0]} -> {' '.join(str(one) for group in left.groups for one in _flat(group))}"
    try:
        found = recipe(cx, opened, "rearrange", input.shape, shared)
    except PatternError as problem:
        if not any(len(group) > 1 for group in left.groups if not isinstance(group, str)):
            problem.kind = "RuntimeError"  # nothing is opened: it is einsum that raises
            problem.text = _einsum_text(left, right, weight, input, known) or problem.text
        raise fault_of(problem, problem.text, text, input, "EinMix") from None
    sizes = dict(found.sizes)
    for name in names:
        given_size = known.get(str(name))
        sizes[name] = given_size if given_size is not None else cx.fresh(str(name))
    free = [size for name, size in found.sizes.items() if str(name).startswith(ELLIPSIS)]
    shape: list[DimLike] = []
    for group in right.groups:
        if isinstance(group, str):
            shape.extend(free)
            continue
        product: DimLike = 1
        for name in group:
            for size in free if name == ELLIPSIS else [sizes[name]]:
                product = product * size
        shape.append(product)
    made = self.fields.get("weight")
    return tensor(cx, tuple(shape), input.dtype, input, made if isinstance(made, Value) else None)


def _einsum_text(left: Expression, right: Expression, weight: str, x: Array, known: Mapping[str, object]) -> str | None:
    """What einsum says of a size of the weight that the input does not have."""
    names = sorted(str(one) for one in {*left.names, *right.names, *Expression(weight).names} if one != ELLIPSIS)
    for group, size in zip(left.groups, x.shape or ()):
        name = str(group[0]) if not isinstance(group, str) and group else ""
        wanted = known.get(name)
        if name in weight.split() and isinstance(wanted, int) and isinstance(size, int) and wanted != size:
            letter = "abcdefghijklmnopqrstuvwxyz"[names.index(name)]
            return (
                f"einsum(): subscript {letter} has size {wanted} for operand 1 which does not broadcast with previously "
                f"seen size {size}"
            )
    return None


def _flat(group: object) -> list[str]:
    if isinstance(group, str):
        return ["..."]
    return ["..." if one == ELLIPSIS else str(one) for one in group] if isinstance(group, list) else []
