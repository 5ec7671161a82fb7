"""What it was that a model could not take: the layer that refused, and what it wanted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from foreshape.runtime.facts import Fact, shape_text

SAYINGS: Final = (
    (
        r"zero or negative|Negative dimension size|<= 0 due to downsampling|Kernel size can't be greater|[Oo]utput size is too small",
        "window-size",
    ),
    (
        r"expected (?:min_|max_)?ndim|must be \d-?D or \d-?D|expected ndim|[Ee]xpected (?:input to be )?\d+D|too many indices",
        "rank-mismatch",
    ),
    (
        r"is invalid for input of size|[Cc]annot reshape|requested shape (?:has|requires)|don't multiply up to the size|target shape",
        "reshape-size",
    ),
    (
        r"must match except in dimension|matching shapes except|all the input array dimensions except|ConcatOp|stack expects each",
        "join-mismatch",
    ),
    (r"[Ee]xpected hidden(?:\[\d\])? size|initial_state", "state-shape"),
    (r"key_padd\w+_mask|attn_mask", "mask-shape"),
    (
        r"expected axis -?\d+ of|Dimensions must be equal|expected shape=|[Ii]ncompatible input shape|normalized_shape|running_mean"
        r"|expecting embedding dimension|does not match weight size|number of channels in input",
        "feature-mismatch",
    ),
    (r"Incompatible shapes|must match the size of tensor", "broadcast-mismatch"),
    (r"indices\[.*\] = -?\d+ is not in|index out of range|out of bounds", "index-range"),
    (r"cannot be multiplied|dimensions of batch\d tensor", "matmul-mismatch"),
    (
        r"scalar types?|same d(?:ata)?type|mixed dtype|match weight dtype|Input type .* (?:weight|bias) type|not implemented for '",
        "dtype-mismatch",
    ),
)
"""Words of the libraries, and the name that the checker has for what they tell."""


class Refusal:
    """The last layer that was entered. shape, dtype: of what it was given. axis: where it counts, -1 or 1. wanted: the size there,
    None where any will do. weights: the dtype of its own numbers, "" without. source: the input of the model that this is, "" where
    layers before changed it."""

    __slots__ = ("axis", "dtype", "layer", "shape", "source", "wanted", "weights")

    def __init__(
        self,
        layer: str,
        shape: tuple[int, ...],
        dtype: str,
        *,
        axis: int = -1,
        wanted: int | None = None,
        weights: str = "",
        source: str = "",
    ) -> None:
        self.layer = layer
        self.shape = shape
        self.dtype = dtype
        self.axis = axis
        self.wanted = wanted
        self.weights = weights
        self.source = source

    def fact(self, error: BaseException, said: str) -> Fact | None:
        """What is wrong with it; None where it cannot be seen from this layer."""
        raised = type(error).__name__
        name = self.source or "what it is given"
        given = f"{name} is {shape_text(self.shape)}"
        if not -len(self.shape) <= self.axis < len(self.shape):
            return None
        got = self.shape[self.axis]
        if self.wanted is not None and got != self.wanted:
            return self._size_fact(raised, said, given, got)
        if self.weights and self.dtype != self.weights and rule_of(str(error)) == "dtype-mismatch":
            return Fact(
                "dtype-mismatch",
                f"{name} is {self.dtype}, but the weights of the {self.layer} that reads it are {self.weights}",
                exception=raised,
                why=said,
                change=f"Convert the data: {self.source or 'x'}.float()." if self.weights == "float32" else "",
            )
        return None

    def _size_fact(self, raised: str, said: str, given: str, got: int) -> Fact:
        word = "channels" if self.axis == 1 else "features"
        place = f"axis {self.axis}" if self.axis >= 0 else "the last axis"
        assert self.wanted is not None
        message = f"the {self.layer} wants {self.wanted} {word} on {place}, but {given}: {got} there"
        change = f"Make the {self.layer} for {got} {word}, or give it {self.wanted}."
        order = _exchanged(self.shape, self.axis % len(self.shape), self.wanted)
        if order is not None and self.source:
            message += ". Its axes look swapped"
            change = f"Swap them: {self.source}.permute({', '.join(map(str, order))}), not reshape, which would mix the values."
        return Fact("feature-mismatch", message, exception=raised, why=said, change=change)


def _exchanged(shape: Sequence[int], axis: int, wanted: int) -> list[int] | None:
    """The order of axes that brings the wanted size there, where exactly one other axis than the batch has it."""
    others = [i for i, size in enumerate(shape) if i not in (0, axis) and size == wanted]
    if len(others) != 1:
        return None
    order = list(range(len(shape)))
    order[axis], order[others[0]] = order[others[0]], order[axis]
    return order


def rule_of(said: str) -> str:
    """The checker's name for what a message tells; "model-error" where there is none."""
    return next((rule for pattern, rule in SAYINGS if re.search(pattern, said)), "model-error")


def takes(function: Any, count: int, names: Sequence[str] = ()) -> bool:
    """Whether it can be called with so many arguments, or with these names. True where nobody knows."""
    import inspect

    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return True
    try:
        signature.bind(**dict.fromkeys(names)) if names else signature.bind(*range(count))
    except TypeError:
        return False
    return True


def takes_name(function: Any, name: str) -> bool:
    """Whether it has a parameter of this name. False where nobody knows."""
    import inspect

    try:
        return name in inspect.signature(function).parameters
    except (TypeError, ValueError):
        return False


def parameters(function: Any) -> int:
    """The number of arguments that can be given, ``**kwargs`` aside."""
    import inspect

    return sum(each.kind is not each.VAR_KEYWORD for each in inspect.signature(function).parameters.values())


def required(function: Any) -> int | None:
    """The number of arguments that have to be given by position; None where it takes any number, or nobody knows."""
    import inspect

    try:
        given = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    if any(each.kind is each.VAR_POSITIONAL for each in given):
        return None
    return sum(
        each.default is each.empty and each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD) for each in given
    )
