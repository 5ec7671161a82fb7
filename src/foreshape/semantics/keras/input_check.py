"""What a layer accepts, held against what it is given: ``assert_input_compatibility`` of both versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, DictValue, Instance, Sequence, Shape, Unknown, Value, is_none
from foreshape.faults.base import Fault
from foreshape.semantics.keras.base import (
    InputSpec,
    dims_text,
    error,
    input_spec,
    is_keras3,
    layer_name,
    same,
    undefined,
)
from foreshape.semantics.keras.methods import is_model
from foreshape.semantics.keras.names import class_name, process
from foreshape.semantics.shared.structure import flatten

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def assert_compatible(cx: Context, self: Instance, inputs: Value) -> None:
    """Raise what Keras raises where the inputs do not fit the input spec of the layer."""
    specs = specs_of(cx, self)
    if not specs:
        return
    leaves = _ordered(cx, inputs, specs)
    if len(leaves) != len(specs):
        # a list whose elements are not known one by one is one leaf that stands for any number of them
        if any(isinstance(leaf, (Unknown, Sequence)) for leaf in leaves):
            return
        raise _wrong_count(cx, self, specs, leaves)
    for number, (leaf, spec) in enumerate(zip(leaves, specs)):
        if spec is None or (is_none(leaf) and spec.optional):
            continue
        if not isinstance(leaf, Array) or leaf.shape is None:
            if not is_keras3(cx) and isinstance(leaf, Array):
                return
            continue
        _check(cx, self, number, leaf, leaf.shape, spec)


def ranked(cx: Context, self: Instance, inputs: Value) -> Value:
    """A tensor whose rank is not known has the one rank that the layer takes: any other fails here."""
    if not isinstance(inputs, Array) or inputs.shape is not None or inputs.tainted:
        return inputs
    specs = specs_of(cx, self)
    spec = specs[0] if len(specs) == 1 else None
    if spec is None or spec.ndim is None or spec.allow_last_axis_squeeze:
        return inputs
    made = inputs.replace(shape=tuple(cx.fresh() for _ in range(spec.ndim)))
    made.origin = inputs.origin
    return made


def specs_of(cx: Context, self: Instance) -> tuple[InputSpec | None, ...]:
    """The input spec of the layer: the rule's, or what the program has set."""
    own = self.fields.get("input_spec")
    if isinstance(own, Value) and not is_none(own):
        found: list[InputSpec | None] = []
        for leaf in flatten(own):
            spec = leaf.fields.get("~spec") if isinstance(leaf, Instance) else None
            if spec is None and not is_none(leaf):
                return ()
            found.append(spec)
        return tuple(found)
    return input_spec(self)


def _ordered(cx: Context, inputs: Value, specs: tuple[InputSpec | None, ...]) -> list[Value]:
    names = [None if spec is None else spec.name for spec in specs]
    if isinstance(inputs, DictValue) and inputs.rest is None and all(names):
        for name in names:
            if name not in inputs.entries:
                from foreshape.faults.missing_key import MissingKey

                message = (
                    f'Missing data for input "{name}". You passed a data dictionary with keys '
                    f"{list(inputs.entries)}. Expected the following keys: {names}"
                )
                keys = tuple(repr(key) for key in inputs.entries)
                raise MissingKey(error(cx, "ValueError", message), values=(inputs,), key=repr(name), known=keys)
        return [inputs.entries[name] for name in names]
    return flatten(inputs)


def _wrong_count(cx: Context, self: Instance, specs: tuple[InputSpec | None, ...], leaves: list[Value]) -> Fault:
    from foreshape.faults.layer_input_count import LayerInputCount

    names = [spec.name for spec in specs if spec is not None and spec.name]
    if is_keras3(cx) and len(names) == len(specs):
        shown = ", ".join(f"'{name}': ..." for name in names)
        message = (
            f'Layer "{layer_name(self)}" expects {len(specs)} named input(s) with keys {names}, but it received '
            f"{len(leaves)} input tensors. Pass inputs as a dict, e.g. `layer({{{shown}}})`."
        )
    else:
        received = ", ".join(dims_text(leaf.shape) if isinstance(leaf, Array) else "..." for leaf in leaves)
        message = (
            f'Layer "{layer_name(self)}" expects {len(specs)} input(s), but it received {len(leaves)} input tensors. '
            f"Inputs received: [{received}]"
        )
    return LayerInputCount(
        error(cx, "ValueError", message),
        values=tuple(leaves),
        taker=layer_name(self) if is_model(self) else class_name(self),
        needs=len(specs),
        got=len(leaves),
        names=tuple(names),
    )


def _check(cx: Context, self: Instance, number: int, leaf: Array, shape: Shape, spec: InputSpec) -> None:
    new = is_keras3(cx)
    if new:
        head = f"Input {number} with name '{spec.name}' of layer '{layer_name(self)}' is incompatible with the layer: "
    else:
        head = f'Input {number} of layer "{layer_name(self)}" is incompatible with the layer: '
    found = len(shape)
    full = f" Full shape received: {dims_text(shape)}"
    if spec.ndim is not None and not spec.allow_last_axis_squeeze and found != spec.ndim:
        raise _rank(
            cx, self, leaf, spec, spec.ndim, False, f"{head}expected ndim={spec.ndim}, found ndim={found}.{full}"
        )
    if spec.max_ndim is not None and found > spec.max_ndim:
        message = f"{head}expected max_ndim={spec.max_ndim}, found ndim={found}"
        raise _rank(cx, self, leaf, spec, spec.max_ndim, False, message)
    if spec.min_ndim is not None and found < spec.min_ndim:
        message = f"{head}expected min_ndim={spec.min_ndim}, found ndim={found}.{full}"
        raise _rank(cx, self, leaf, spec, spec.min_ndim, True, message)
    if spec.dtype is not None and leaf.dtype is not None and leaf.dtype != spec.dtype:
        from foreshape.faults.unsupported_data import UnsupportedData

        message = f"{head}expected dtype={spec.dtype}, found dtype={leaf.dtype}"
        raise UnsupportedData(
            error(cx, "ValueError", message), values=(leaf,), taker=class_name(self), given=f"dtype {leaf.dtype}"
        )
    for axis, size in spec.axes:
        if size is None or not -found <= axis < found:
            continue
        if not same(cx, shape[axis], size):
            message = (
                f"{head}expected axis {axis} of input shape to have value {size}, but received input with shape "
                f"{dims_text(shape)}"
            )
            raise _features(cx, self, leaf, shape, axis, size, message)
    if spec.shape is not None and not process(cx).fields.get("relaxed"):
        _check_shape(cx, self, leaf, shape, spec, head)


def _check_shape(cx: Context, self: Instance, leaf: Array, shape: Shape, spec: InputSpec, head: str) -> None:
    wanted = spec.shape
    assert wanted is not None
    if spec.allow_last_axis_squeeze:
        if shape and shape[-1] == 1:
            shape = shape[:-1]
        if wanted and wanted[-1] == 1:
            wanted = wanted[:-1]
    for need, got in zip(wanted, shape):
        if need is None or undefined(need):
            continue
        if not same(cx, need, got):
            shown = shape if is_keras3(cx) else leaf.shape
            message = f"{head}expected shape={dims_text(spec.shape)}, found shape={dims_text(shown)}"
            raise declared(cx, self, leaf, spec, message)


def declared(cx: Context, self: Instance, leaf: Array, spec: InputSpec, message: str) -> Fault:
    """Data that does not have the declared shape."""
    from foreshape.faults.declared_shape import DeclaredShape

    assert spec.shape is not None and leaf.shape is not None
    return DeclaredShape(
        error(cx, "ValueError", message),
        values=(leaf,),
        model=layer_name(self),
        declared=tuple(None if dim is None or undefined(dim) else dim for dim in spec.shape),
        got=leaf.shape,
        input_name=spec.name or "",
    )


def _rank(cx: Context, self: Instance, leaf: Array, spec: InputSpec, needs: int, at_least: bool, message: str) -> Fault:
    from foreshape.faults.rank_mismatch import RankMismatch

    assert leaf.shape is not None
    return RankMismatch(
        error(cx, "ValueError", message),
        values=(leaf,),
        taker=class_name(self),
        needs=needs,
        at_least=at_least,
        axes=spec.axis_names,
        got=leaf.shape,
    )


def _features(cx: Context, self: Instance, leaf: Array, shape: Shape, axis: int, size: DimLike, message: str) -> Fault:
    from foreshape.faults.feature_mismatch import FeatureMismatch

    return FeatureMismatch(
        error(cx, "ValueError", message),
        values=(leaf,),
        taker=class_name(self),
        needs=size,
        got=shape[axis],
        axis=axis if axis < 0 else axis - len(shape),
        shape=shape,
    )
