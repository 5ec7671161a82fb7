"""What happens when a layer is called: conversion, the check of what it accepts, building, masks, the call, the graph.

Follows ``keras/src/layers/layer.py`` (``Layer.__call__``) and ``tf_keras/src/engine/base_layer.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING, Any

from foreshape.domain.join import widen
from foreshape.domain.origin import Origin
from foreshape.domain.values import (
    Array,
    Choice,
    ClassValue,
    Const,
    Instance,
    Int,
    Sequence,
    Typed,
    Unknown,
    Value,
    any_tainted,
    as_bool,
    is_none,
)
from foreshape.faults.base import Fault
from foreshape.semantics.keras import input_check
from foreshape.semantics.keras.base import compute_dtype, error, input_spec, is_keras3, layer_name
from foreshape.semantics.keras.build import build_for_call
from foreshape.semantics.keras.config import repr_value, type_text
from foreshape.semantics.keras.graph import Node, any_symbolic, plain, symbolic
from foreshape.semantics.keras.methods import Method, find_method, in_graph, is_a, is_layer, is_model
from foreshape.semantics.keras.names import class_name, process
from foreshape.semantics.shared.structure import flatten, is_nested, mapped

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

OF_VALUES = ("embedding-range", "index-range", "label-range")
"""Faults that values make, not shapes: a graph raises them when it runs."""
FLOATS = ("float16", "bfloat16", "float32", "float64")


def call_object(cx: Context, self: Instance, args: SequenceOf[Value], kwargs: Mapping[str, Value]) -> Value:
    """``layer(*args, **kwargs)``. Faults are raised with the text that Keras gives them."""
    user = cx.user_method(self, "__call__")
    if user is not None:
        return cx.call(user, args, kwargs)
    if not is_layer(self):
        return cx.call(self, args, kwargs)
    made = call_layer_object(cx, self, args, kwargs)
    if self.origin is not None:
        # A layer of a list has no call of its own in the source: its step is the line that makes it.
        origin = Origin(self.origin.path, self.origin.node, (*args, self), what=class_name(self))
        for leaf in flatten(made):
            if isinstance(leaf, Array) and leaf.origin is None:
                leaf.origin = origin
    return made


def call_layer_object(cx: Context, self: Instance, args: SequenceOf[Value], kwargs: Mapping[str, Value]) -> Value:
    """``Layer.__call__``. A fault remembers the layers that it passed through, and what the layer was called on."""
    state = process(cx)
    outer = state.fields.get("active", ())
    cx.set(state, "active", (self, *outer))
    try:
        return _call_layer_object(cx, self, args, kwargs)
    except Fault as fault:
        if not fault.values:
            fault.values = tuple(leaf for leaf in flatten_all(args) if isinstance(leaf, Array))
        if not fault.layers:
            fault.layers = (self, *outer)
        if state.fields.get("relaxed"):
            from foreshape.semantics.keras.steps import relax

            relax(fault)
        raise
    finally:
        cx.set(state, "active", outer)


def _call_layer_object(cx: Context, self: Instance, args: SequenceOf[Value], kwargs: Mapping[str, Value]) -> Value:
    if self.tainted:
        return _follows(cx, "the layer follows from a fault")
    _initialised(cx, self)
    method = find_method(cx, self, "call")
    if method is None or (method.owner == "keras.Layer" and _open_ended(cx, self)):
        return cx.unknown(f"{class_name(self)} is not modelled")
    passed_on = self.fields.get("~context_arguments", frozenset())
    if any(name in passed_on and not method.takes(name) for name in kwargs):
        return cx.unknown("an argument goes to a layer inside, whichever takes it")
    args = tuple(_settled(value) for value in args)
    given_args, given_kwargs = tuple(args), dict(kwargs)
    symbolic_call = any_symbolic((*given_args, *given_kwargs.values()))
    first_name, given_args, given_kwargs = _first_argument(method, given_args, given_kwargs)
    given_args = tuple(_converted(cx, self, value, True) for value in given_args)
    given_kwargs = {key: _converted(cx, self, value, False) for key, value in given_kwargs.items()}
    _check_count(cx, self, method, given_args)
    first = given_args[0] if given_args else None
    if any(isinstance(leaf, Unknown) for leaf in flatten(first)):
        cx.set(self, "~somewhere", True)  # it may have been a symbolic tensor
    leaves = flatten(first)
    open_leaf = next((leaf for leaf in leaves if isinstance(leaf, Unknown)), None)
    if open_leaf is not None and not method.is_user and not any(isinstance(leaf, Array) for leaf in leaves):
        open_result = cx.unknown(open_leaf.reason)  # symbolic or not: that is not known either
        open_result.tainted = any_tainted(leaves)
        return open_result
    if first is not None and not (symbolic_call and not is_keras3(cx) and _checked_before(self)):
        input_check.assert_compatible(cx, self, first)
    call_args = tuple(plain(value) for value in given_args)
    call_kwargs = {key: plain(value) for key, value in given_kwargs.items()}
    build_for_call(cx, self, method, first_name, call_args, call_kwargs)
    if call_args:
        call_args = (input_check.ranked(cx, self, call_args[0]), *call_args[1:])
    if first is not None and is_keras3(cx):
        input_check.assert_compatible(cx, self, first)
    mask = _fill_in(cx, self, method, call_args, call_kwargs)
    result = _run(cx, self, method, call_args, call_kwargs, symbolic_call)
    if as_bool(self.fields.get("built")) is not True:
        cx.set(self, "built", Const(True))
    result = _masked(cx, self, call_args, result, mask)
    if any_tainted(flatten_all((*args, *given_args))) and isinstance(result, (Array, Unknown)):
        result.tainted = True
    if not symbolic_call:
        return result
    node = Node(self, args, kwargs, layer_name(self))
    made = symbolic(node, result)
    cx.set(self, "~nodes", (*self.fields.get("~nodes", ()), node))
    return made


def _settled(value: Value) -> Value:
    """One of several tensors inside of a list as one that stands for all of them."""
    if not isinstance(value, Sequence) or not any(isinstance(leaf, Choice) for leaf in flatten(value)):
        return value
    return mapped(lambda leaf: widen(list(leaf.values)) if isinstance(leaf, Choice) else leaf, value)


def _check_count(cx: Context, self: Instance, method: Method, args: tuple[Value, ...]) -> None:
    """Keras 3 binds the arguments before it builds the layer."""
    from foreshape.faults.call_arguments import CallArguments

    if not is_keras3(cx) or method.rule is None:
        return
    spec = method.rule.signature()
    if spec.star is None and len(args) > len(method.positional()):
        text = "too many positional arguments"
        raise CallArguments(error(cx, "TypeError", text), callee=f"{class_name(self)}.call", problem=text)


def _initialised(cx: Context, self: Instance) -> None:
    """The program's own class must have called the constructor of the library."""
    if self.fields.get("~initialised") or not isinstance(self.cls, ClassValue) or self.fields.get("~open"):
        return  # how an object came about that nothing in the program makes is not known
    if cx.user_method(self, "__init__") is None or (is_model(self) and not is_keras3(cx)):
        return
    from foreshape.faults.missing_super_init import MissingSuperInit

    name = class_name(self)
    message = (
        f"In layer '{name}', you forgot to call `super().__init__()` as the first statement in the `__init__()` "
        "method. Go "
        "add it!"
        if is_keras3(cx)
        else "You must call `super().__init__()` in the layer constructor."
    )
    base = "Model" if is_model(self) else "Layer"
    raise MissingSuperInit(error(cx, "RuntimeError", message), values=(self,), cls=name, base=base)


def _checked_before(self: Instance) -> bool:
    """Keras 2 looks at symbolic inputs only while it builds the layer; a model was built long before."""
    return as_bool(self.fields.get("built")) is True


def flatten_all(values: SequenceOf[Value]) -> list[Value]:
    """The leaves of several nested structures."""
    return [leaf for value in values for leaf in flatten(value)]


def _follows(cx: Context, reason: str) -> Value:
    made = cx.unknown(reason)
    made.tainted = True
    return made


def _open_ended(cx: Context, self: Instance) -> bool:
    """Whether its class is only known by name: a layer of the library that nobody has described."""
    return self.library_type != "keras.Layer"


def _first_argument(
    method: Method, args: tuple[Value, ...], kwargs: dict[str, Value]
) -> tuple[str, tuple[Value, ...], dict[str, Value]]:
    """The first argument of ``call`` may be given by name."""
    names = method.positional()
    name = names[0].rstrip("_") if names else "inputs"
    if not args and name in kwargs:
        return name, (kwargs.pop(name),), kwargs
    return name, args, kwargs


def _converted(cx: Context, self: Instance, value: Value, positional: bool) -> Value:
    """Arrays become tensors, floats are cast to the compute dtype."""
    new = is_keras3(cx)
    wanted = compute_dtype(self)
    functional = is_model(self) and not is_a(self, "keras.Sequential") and self.fields.get("~graph") is not None
    cast = as_bool(self.fields.get("autocast")) is not False and wanted in FLOATS and not functional

    def one(leaf: Value) -> Value:
        if isinstance(leaf, Array):
            dtype = leaf.dtype
            if cast and dtype in FLOATS and wanted is not None:
                dtype = wanted
            if leaf.kind == "numpy":
                made = leaf.replace(kind="tensorflow", dtype=dtype, meta={})
                made.origin = leaf.origin
                return made
            if dtype != leaf.dtype:
                made = leaf.replace(dtype=dtype)
                made.origin = leaf.origin
                return made
            return leaf
        if is_none(leaf) or isinstance(leaf, Unknown):
            return leaf
        if not positional or functional or self.fields.get("~any_argument") or is_a(self, "keras.layers.IndexLookup"):
            return leaf
        return _not_an_array(cx, self, leaf, new)

    return mapped(one, value)


def _not_an_array(cx: Context, self: Instance, leaf: Value, new: bool) -> Value:
    from foreshape.faults.unsupported_data import UnsupportedData

    number = isinstance(leaf, (Int, Typed)) or (
        isinstance(leaf, Const) and isinstance(leaf.value, (int, float)) and not isinstance(leaf.value, bool)
    )
    if isinstance(leaf, Typed) and leaf.kind == "str":
        number = False
    if not new and number:
        dtype = "float32" if isinstance(leaf, Const) and isinstance(leaf.value, float) else "int32"
        return Array("tensorflow", (), dtype)
    if not (number or is_layer(leaf) or isinstance(leaf, Const)):
        return leaf  # data frames and the like convert or not: not decided here
    if not new:
        if not input_spec(self):
            return leaf
        message = (
            f"Inputs to a layer should be tensors. Got '{repr_value(leaf)}' (of type {type_text(leaf)}) as input for "
            f"layer '{layer_name(self)}'."
        )
        raise UnsupportedData(
            error(cx, "TypeError", message), values=(leaf,), taker=class_name(self), given=type_text(leaf)
        )
    message = (
        "Only input tensors may be passed as positional arguments. The following argument value should be passed as a "
        f"keyword argument: {repr_value(leaf)} (of type {type_text(leaf)})"
    )
    raise UnsupportedData(
        error(cx, "ValueError", message), values=(leaf,), taker=class_name(self), given=type_text(leaf)
    )


def _fill_in(
    cx: Context, self: Instance, method: Method, args: tuple[Value, ...], kwargs: dict[str, Value]
) -> Value | None:
    """Fill in ``training`` and ``mask`` where ``call`` takes them; gives the mask of the first input."""
    state = process(cx)
    names = method.positional()
    by_position = {name.rstrip("_") for name in names[: len(args)]}
    if method.takes("training") and "training" not in by_position:
        if "training" not in kwargs or is_none(kwargs["training"]):
            outer = state.fields.get("training")
            if isinstance(outer, Value) and not is_none(outer):
                kwargs["training"] = outer
    elif method.parameters() is not None and not method.takes("training"):
        kwargs.pop("training", None)  # Keras keeps it to itself
    first = args[0] if args else None
    mask: Value | None = None
    if first is not None:
        leaves = flatten(first)
        if any(isinstance(leaf, Unknown) or (isinstance(leaf, Array) and "mask" in leaf.meta) for leaf in leaves):
            mask = mapped(_mask_of, first)
    if method.takes("mask") and "mask" not in by_position and is_none(kwargs.get("mask")):
        others = [
            value for key, value in kwargs.items() if key not in ("training", "mask") and isinstance(value, Array)
        ]
        single = not others and sum(isinstance(leaf, Array) for value in args[1:] for leaf in flatten(value)) == 0
        if mask is not None and (single or not is_keras3(cx)):
            kwargs["mask"] = mask
        elif first is not None and is_nested(first) and single and method.is_user and is_keras3(cx):
            kwargs["mask"] = mapped(_mask_of, first)  # a list of None for a list of tensors without one
    elif not is_none(kwargs.get("mask")):
        mask = kwargs["mask"]
    for name in names[1:]:
        # attention layers take a mask per argument: query_mask, value_mask, ...
        expected = f"{name}_mask"
        value = kwargs.get(name)
        if value is None and name in names[: len(args)]:
            value = args[names.index(name)]
        if (
            isinstance(value, Array)
            and "mask" in value.meta
            and method.takes(expected)
            and is_none(kwargs.get(expected))
        ):
            kwargs[expected] = value.meta["mask"]
    if names and method.takes(f"{names[0]}_mask") and mask is not None and is_none(kwargs.get(f"{names[0]}_mask")):
        kwargs[f"{names[0]}_mask"] = mask
    return mask


def _mask_of(leaf: Value) -> Value:
    if isinstance(leaf, Unknown):
        return Unknown("a mask of something that is not known")
    if isinstance(leaf, Array):
        found = leaf.meta.get("mask")
        if isinstance(found, Value):
            return found
    return Const(None)


def _run(
    cx: Context, self: Instance, method: Method, args: tuple[Value, ...], kwargs: dict[str, Value], symbolic_call: bool
) -> Value:
    """``call``, or what Keras 3 takes instead of it for symbolic tensors."""
    state = process(cx)
    outer = state.fields.get("training")
    if "training" in kwargs and not is_none(kwargs["training"]):
        cx.set(state, "training", kwargs["training"])
    elif method.takes("training") or outer is None:
        cx.set(state, "training", Const(None) if outer is None else outer)
    symbolic_before = state.fields.get("symbolic")
    if symbolic_call:
        cx.set(state, "symbolic", True)
    try:
        if symbolic_call and is_keras3(cx):
            instead = _instead_of_call(cx, self, method, args, kwargs)
            if instead is not None:
                return instead
        if method.is_user and is_keras3(cx) and not state.fields.get("relaxed"):
            with cx.visible():
                return method(cx, args, kwargs)
        return method(cx, args, kwargs)
    except Fault as fault:
        if not fault.layers:
            fault.layers = state.fields.get("active", ())
        later = isinstance(state.fields.get("tracing"), tuple)
        of_shapes = fault.raises is not None and fault.name not in OF_VALUES and in_graph(cx)
        if of_shapes and fault.raises is not None and fault.raises.exception == "InvalidArgumentError":
            fault.raises.exception = "ValueError"  # what shapes forbid, the tracing says
        if later and _runs_later(fault):
            # a graph is traced: what depends on values raises when it runs, after all that shapes forbid
            cx.set(state, "tracing", (*state.fields["tracing"], fault))
            return fault.recover if fault.recover is not None else cx.unknown("it raises when it runs")
        _explain(cx, self, fault, args, kwargs, method)
        raise
    finally:
        cx.set(state, "symbolic", symbolic_before)
        cx.set(state, "training", Const(None) if outer is None else outer)


def _runs_later(fault: Fault) -> bool:
    return fault.raises is not None and fault.raises.exception == "InvalidArgumentError"


def _instead_of_call(
    cx: Context, self: Instance, method: Method, args: tuple[Value, ...], kwargs: dict[str, Value]
) -> Value | None:
    """Keras 3 asks ``compute_output_spec`` or the program's ``compute_output_shape``, where there is one."""
    from foreshape.semantics.keras.base import output, shape_of
    from foreshape.semantics.keras.build import shapes_of
    from foreshape.semantics.shared.structure import children, is_shape

    spec = find_method(cx, self, "compute_output_spec")
    if spec is not None and (spec.is_user or not method.is_user) and spec.owner != "keras.Layer":
        return spec(cx, args, kwargs)
    shape_method = cx.user_method(self, "compute_output_shape")
    if shape_method is None or not args:
        return None
    asked = shapes_of(cx, args[0])
    made = cx.call(shape_method, (asked,), {})

    def one(value: Value) -> Value:
        return output(cx, self, args[0] if isinstance(args[0], Array) else None, shape_of(cx, value))

    if isinstance(asked, Unknown) and any(child is asked for child in children(made)):
        return cx.unknown("the shape that compute_output_shape gives is not known")  # a list of shapes, not of sizes
    if is_shape(made) or isinstance(made, Unknown):
        found = one(made)
        found.tainted = found.tainted or made.tainted
        return found
    from foreshape.domain.contents import Contents
    from foreshape.domain.values import Sequence

    if not children(made):
        return cx.unknown("the shape that compute_output_shape gives is not known")
    return Sequence(getattr(made, "kind", "tuple"), Contents(one(child) for child in children(made)))


def _masked(cx: Context, self: Instance, args: tuple[Value, ...], result: Value, mask: Value | None) -> Value:
    """Attach the mask that the outputs carry on."""
    method = find_method(cx, self, "compute_mask")
    custom = method is not None and (method.is_user or method.owner != "keras.Layer")
    if not custom and (mask is None or as_bool(self.fields.get("supports_masking")) is not True):
        return result
    made: Value | None = mask
    if custom and method is not None and args:
        none = mapped(_mask_of, args[0]) if is_keras3(cx) else Const(None)
        made = method(cx, (args[0], none if mask is None else mask))
    if made is None or is_none(made):
        return result
    masks = flatten(made)
    number = 0

    def one(leaf: Value) -> Value:
        nonlocal number
        found = masks[number] if number < len(masks) else None
        number += 1
        if not isinstance(leaf, Array) or found is None or is_none(found) or "mask" in leaf.meta:
            return leaf
        meta: dict[str, Any] = {**leaf.meta, "mask": found}
        changed = leaf.replace(meta=meta)
        changed.origin = leaf.origin
        return changed

    return mapped(one, result)


def _explain(
    cx: Context, self: Instance, fault: Fault, args: tuple[Value, ...], kwargs: Mapping[str, Value], method: Method
) -> None:
    """What Keras writes around an error from inside of ``call``: only the innermost call does."""
    raises = fault.raises
    if raises is None or raises.message.startswith(("Exception encountered when calling", "Graph execution error")):
        return
    names = method.positional()
    lines = [f"  • {name}={_shown(value)}" for name, value in (*zip(names, args), *kwargs.items())]
    if is_keras3(cx):
        shown = f"{class_name(self)}.call()"
        arguments = f"Arguments received by {shown}:\n"
    else:
        shown = f"layer '{layer_name(self)}' (type {class_name(self)})"
        arguments = f"Call arguments received by {shown}:\n"
    raises.message = f"Exception encountered when calling {shown}.\n\n{raises.message}\n\n{arguments}" + "\n".join(
        lines
    )


def _shown(value: Value) -> str:
    from foreshape.semantics.keras.base import dims_text

    if isinstance(value, Array):
        return f"tf.Tensor(shape={dims_text(value.shape)}, dtype={value.dtype})"
    return repr_value(value)
