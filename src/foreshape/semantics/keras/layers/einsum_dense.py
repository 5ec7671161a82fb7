"""``EinsumDense``, ``ReversibleEmbedding``, ``Pipeline``.

Follows ``keras/src/layers/core/einsum_dense.py`` and the ``tf_keras`` one: the shapes of weights and output follow
from the letters of the equation. Keras 3 takes a symbolic output from ``output_shape`` as it was given, with its
None.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, Instance, Sequence, Shape, Value, as_bool, as_dim, as_str, is_none
from foreshape.faults.dtype_mismatch import DtypeMismatch
from foreshape.faults.einsum_mismatch import EinsumMismatch
from foreshape.faults.matmul_mismatch import MatmulMismatch
from foreshape.faults.rank_mismatch import RankMismatch
from foreshape.faults.undefined_dimension import UndefinedDimension
from foreshape.semantics.keras.base import (
    InputSpec,
    add_weight,
    anonymous,
    call_layer,
    dim_field,
    error,
    init_layer,
    is_keras3,
    output,
    set_input_spec,
    shape_of,
    undefined,
)
from foreshape.semantics.keras.config import invalid
from foreshape.semantics.keras.layers.checks import needs_defined
from foreshape.semantics.keras.layers.core import (
    check_activation,
    embedding_build,
    embedding_call,
    embedding_init,
    with_activation,
)
from foreshape.semantics.keras.layers.kernels import shape_error, sizes_text
from foreshape.semantics.keras.methods import in_graph
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

library_type("keras.layers.EinsumDense", "keras.Layer")
library_type("keras.layers.ReversibleEmbedding", "keras.layers.Embedding")
library_type("keras.layers.Pipeline", "keras.Layer")

FORMS = (
    r"([a-zA-Z]+),([a-zA-Z]+)->([a-zA-Z]+)",
    r"0([a-zA-Z]+),([a-zA-Z]+)->0([a-zA-Z]+)",
    r"([a-zA-Z]{2,})0,([a-zA-Z]+)->([a-zA-Z]+)0",
)


class Equation:
    """Letters of input, weight and output; which form it has: 0 without an ellipsis, 1 on the left, 2 on the right."""

    __slots__ = ("form", "inputs", "outputs", "weights")

    def __init__(self, inputs: str, weights: str, outputs: str, form: int) -> None:
        self.inputs = inputs
        self.weights = weights
        self.outputs = outputs
        self.form = form


@rule("keras.layers.EinsumDense.__init__")
def einsum_init(
    cx: Context, self: Instance, equation: Value, output_shape: Value, activation: Value | None = None,
    bias_axes: Value | None = None, kernel_initializer: Value | None = None, bias_initializer: Value | None = None,
    kernel_regularizer: Value | None = None, bias_regularizer: Value | None = None,
    *rest: Value, kernel_constraint: Value | None = None, bias_constraint: Value | None = None,
    lora_rank: Value | None = None, lora_alpha: Value | None = None, quantization_config: Value | None = None,
    **kwargs: Value,
) -> None:  # fmt: skip
    """``output_shape``: without the batch axis; None for sizes that stay open."""
    kwargs.pop("gptq_unpacked_column_size", None)
    init_layer(cx, self, kwargs)
    check_activation(cx, activation)
    cx.set(self, "equation", equation)
    cx.set(self, "~output_shape", output_shape)
    cx.set(self, "~activation", activation if activation is not None else Const(None))
    cx.set(self, "bias_axes", bias_axes if bias_axes is not None else Const(None))


def _equation(cx: Context, layer: Instance) -> Equation | None:
    """The equation taken apart; None where it is not known."""
    text = as_str(layer.fields.get("equation"))
    if text is None:
        return None
    short = text.replace("...", "0")
    for form, pattern in enumerate(FORMS):
        found = re.match(pattern, short)
        if found:
            return Equation(found[1], found[2], found[3], form)
    message = (
        f"Invalid einsum equation '{text}'. Equations must be in the form [X],[Y]->[Z], ...[X],[Y]->...[Z], or "
        "[X]...,[Y]->[Z]...."
    )
    raise invalid(cx, "ValueError", message, "equation", layer.fields.get("equation"))


def _whole_output(cx: Context, layer: Instance, equation: Equation, shape: Shape) -> Shape | None:
    """``output_shape`` with the batch axis and with what the ellipsis stands for."""
    given = layer.fields.get("~output_shape")
    if not isinstance(given, Value):
        return None
    one = as_dim(given)
    sizes = (one,) if one is not None else shape_of(cx, given)
    if sizes is None:
        return None
    elided = len(shape) - len(equation.inputs)
    if elided > 0 and equation.form == 1:
        return (shape[0], *reversed(shape[1:elided]), *sizes)
    if elided > 0:
        return (shape[0], *sizes, *shape[len(shape) - elided :])
    return (shape[0], *sizes)


def _analyzed(cx: Context, layer: Instance, shape: Shape) -> tuple[Shape, Shape | None, Shape] | None:
    """Shapes of kernel, bias and output, or what Keras says of an equation that does not fit."""
    equation = _equation(cx, layer)
    if equation is None or not shape:
        return None
    whole = _whole_output(cx, layer, equation, shape)
    if whole is None:
        return None
    elided = len(shape) - len(equation.inputs)
    left = elided if equation.form == 1 else 0
    places = {letter: place + left for place, letter in enumerate(equation.outputs)}
    inputs: dict[str, DimLike] = {}
    for place, letter in enumerate(equation.inputs):
        at = place + left
        if not -len(shape) <= at < len(shape):
            raise _rank(cx, layer, shape, "IndexError", "tuple index out of range", len(equation.inputs))
        inputs[letter] = shape[at]
        if letter in places:
            _check_shared(cx, as_str(layer.fields["equation"]) or "", letter, shape, at, whole, places[letter])
    for letter in equation.outputs:
        if letter not in equation.inputs and letter not in equation.weights:
            message = (
                f"Dimension '{letter}' was specified in the output '{equation.outputs}' but has no corresponding dim "
                "in the "
                f"input spec '{equation.inputs}' or weight spec '{equation.outputs}'"
            )
            raise invalid(cx, "ValueError", message, "equation", layer.fields["equation"])
    kernel: list[DimLike] = []
    for letter in equation.weights:
        if letter in places:
            if places[letter] >= len(whole):
                raise invalid(cx, "IndexError", "list index out of range", "output_shape", None)
            kernel.append(whole[places[letter]])
        elif letter in inputs:
            kernel.append(inputs[letter])
        else:
            message = (
                f"Weight dimension '{letter}' did not have a match in either the input spec '{equation.inputs}' or "
                "the output "
                f"spec '{equation.outputs}'. For this layer, the weight must be fully specified."
            )
            raise invalid(cx, "ValueError", message, "equation", layer.fields["equation"])
    bias = _bias(cx, layer, equation, whole, left, elided)
    return tuple(kernel), bias, whole


def _check_shared(cx: Context, equation: str, letter: str, shape: Shape, at: int, whole: Shape, place: int) -> None:
    if place >= len(whole):
        raise invalid(cx, "IndexError", "list index out of range", "output_shape", None)
    size, wanted = shape[at], whole[place]
    if undefined(wanted) or (not undefined(size) and cx.equal(size, wanted)):
        return
    if undefined(size) and size is wanted:
        return
    message = (
        f"Input shape and output shape do not match at shared dimension '{letter}'. Input shape is "
        f"{None if undefined(size) else size}, and output shape is {wanted}."
    )
    raise EinsumMismatch(error(cx, "ValueError", message), label=letter, shapes=(shape, whole), equation=equation)


def _bias(cx: Context, layer: Instance, equation: Equation, whole: Shape, left: int, elided: int) -> Shape | None:
    axes = layer.fields.get("bias_axes")
    letters = as_str(axes) if isinstance(axes, Value) else None
    if not letters:
        return None
    sizes: dict[str, DimLike] = {}
    for place, letter in enumerate(equation.outputs):
        if place + left < len(whole):
            sizes[letter] = whole[place + left]
    for letter in letters:
        if letter not in equation.outputs:
            message = (
                f"Bias dimension '{letter}' was requested, but is not part of the output spec '{equation.outputs}'"
            )
            raise invalid(cx, "ValueError", message, "bias_axes", axes if isinstance(axes, Value) else None)
    first = min(equation.outputs.find(letter) for letter in letters)
    made: list[DimLike] = [sizes[letter] if letter in letters else 1 for letter in equation.outputs[first:]]
    if equation.form != 1:
        made += [1] * max(elided, 0)
    return tuple(made)


def _rank(cx: Context, layer: Instance, shape: Shape, kind: str, text: str, needs: int) -> RankMismatch:
    return RankMismatch(error(cx, kind, text), taker="EinsumDense", needs=needs, at_least=False, got=shape)


@rule("keras.layers.EinsumDense.build")
def einsum_build(cx: Context, self: Instance, input_shape: Value) -> None:
    """The weight has the sizes of its letters, in the input or in the output."""
    shape = shape_of(cx, input_shape)
    if shape is None:
        return
    made = _analyzed(cx, self, shape)
    if made is None:
        return
    kernel, bias, _ = made
    if is_keras3(cx):
        set_input_spec(cx, self, InputSpec(ndim=len(shape)))
    if any(undefined(size) for size in kernel):
        needs_defined(cx, self, "EinsumDense", shape, kernel, "kernel")
    add_weight(cx, self, "kernel", kernel)
    cx.set(self, "~kernel", kernel)
    if bias is None:
        return
    if any(undefined(size) for size in bias):
        if is_keras3(cx):
            needs_defined(cx, self, "EinsumDense", shape, bias, "bias", 0)
        message = "Attempt to convert a value (None) with an unsupported type (<class 'NoneType'>) to a Tensor."
        raise UndefinedDimension(error(cx, "ValueError", message), taker="EinsumDense", axis=0, shape=shape)
    add_weight(cx, self, "bias", bias)


@rule("keras.layers.EinsumDense.compute_output_spec", since="3")
def einsum_spec(cx: Context, self: Instance, inputs: Value, training: Value | None = None) -> Value:
    """Keras 3, symbolically: ``output_shape`` as it was given."""
    if not isinstance(inputs, Array) or not inputs.shape:
        return output(cx, self, inputs, None)
    made = _analyzed(cx, self, inputs.shape)
    return output(cx, self, inputs, None if made is None else made[2])


@rule("keras.layers.EinsumDense.call")
def einsum_call(cx: Context, self: Instance, inputs: Value, training: Value | None = None) -> Value:
    """The sizes of the letters of the output."""
    if not isinstance(inputs, Array) or not inputs.shape:
        return output(cx, self, inputs, None)
    equation = _equation(cx, self)
    kernel: Shape | None = self.fields.get("~kernel")
    if equation is None or kernel is None:
        return output(cx, self, inputs, None)
    if not is_keras3(cx):
        _check_dtype(cx, inputs)
    shape = inputs.shape
    elided = len(shape) - len(equation.inputs)
    if equation.form == 0 and elided:
        text = f"Expected input 0 to have rank {len(equation.inputs)} but got: {len(shape)} [Op:Einsum] name: "
        fault = _rank(cx, self, shape, "ValueError", text, len(equation.inputs))
        fault.raises, fault.values = shape_error(cx, text), (inputs,)
        raise fault
    left = elided if equation.form == 1 else 0
    sizes: dict[str, DimLike] = {letter: shape[place + left] for place, letter in enumerate(equation.inputs)}
    for letter, size in zip(equation.weights, kernel):
        if (
            letter in sizes
            and not undefined(sizes[letter])
            and not undefined(size)
            and not cx.equal(sizes[letter], size)
        ):
            text = (
                f"Matrix size-incompatible: In[0]: {sizes_text(shape)}, In[1]: {sizes_text(kernel)} "
                "[Op:BatchMatMulV2] name: "
            )
            axis = equation.inputs.index(letter) + left - len(shape)
            raise MatmulMismatch(
                shape_error(cx, text), values=(inputs,), taker="EinsumDense", left=shape, right=kernel, left_axis=axis,
                right_axis=equation.weights.index(letter),
            )  # fmt: skip
        if letter not in sizes or undefined(sizes[letter]):
            sizes[letter] = size
    made: tuple[DimLike, ...] = tuple(sizes.get(letter, anonymous(cx)) for letter in equation.outputs)
    if equation.form == 1:
        made = (*shape[:elided], *made)
    elif equation.form == 2:
        made = (*made, *shape[len(shape) - elided :])
    return with_activation(self, output(cx, self, inputs, made))


def _check_dtype(cx: Context, inputs: Array) -> None:
    """Keras 2 leaves the dtypes to TensorFlow, which multiplies no whole numbers with floats."""
    if inputs.dtype is None or inputs.dtype.startswith(("float", "bfloat", "complex")):
        return
    kind = "TypeError" if in_graph(cx) else "InvalidArgumentError"
    if kind != "TypeError" and inputs.dtype in ("bool", "uint8", "int8", "int16", "uint16"):
        kind = "NotFoundError"
    text = (
        f"Tensors in list passed to 'inputs' of 'Einsum' Op have types [{inputs.dtype}, float32] that don't all match."
    )
    raise DtypeMismatch(
        error(cx, kind, text), values=(inputs,), taker="EinsumDense", got=(inputs.dtype,), wanted="float32"
    )


# -- ReversibleEmbedding ----------------------------------------------------------------------------------------------


@rule("keras.layers.ReversibleEmbedding.__init__", since="3")
def reversible_init(
    cx: Context, self: Instance, input_dim: Value, output_dim: Value, tie_weights: Value | None = None,
    embeddings_initializer: Value | None = None, embeddings_regularizer: Value | None = None,
    embeddings_constraint: Value | None = None, mask_zero: Value | None = None, reverse_dtype: Value | None = None,
    logit_soft_cap: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """An Embedding that also goes back, from vectors to scores of ids."""
    embedding_init(cx, self, input_dim, output_dim, mask_zero=mask_zero, **kwargs)
    cx.set(self, "autocast", Const(False))
    cx.set(self, "tie_weights", tie_weights if tie_weights is not None else Const(True))
    cx.set(self, "reverse_dtype", reverse_dtype if reverse_dtype is not None else Const(None))


@rule("keras.layers.ReversibleEmbedding.build", since="3")
def reversible_build(cx: Context, self: Instance, input_shape: Value | None = None) -> None:
    """One row for each id; once more the other way round where the weights are not tied."""
    embedding_build(cx, self)
    rows, columns = dim_field(self, "input_dim"), dim_field(self, "output_dim")
    if as_bool(self.fields["tie_weights"]) is False:
        shape = None if rows is None or columns is None else (columns, rows)
        add_weight(cx, self, "reverse_embeddings", shape)


@rule("keras.layers.ReversibleEmbedding.compute_output_spec", since="3")
def reversible_spec(cx: Context, self: Instance, inputs: Value, reverse: Value | None = None) -> Value:
    """Symbolically: the features are not compared."""
    back = reverse is not None and as_bool(reverse) is not False
    if not isinstance(inputs, Array) or inputs.shape is None or (back and as_bool(reverse) is not True):
        return output(cx, self, inputs, None)
    rows, columns = dim_field(self, "input_dim"), dim_field(self, "output_dim")
    if back:
        return output(cx, self, inputs, (*inputs.shape[:-1], cx.fresh("input_dim") if rows is None else rows))
    return output(cx, self, inputs, (*inputs.shape, cx.fresh("output_dim") if columns is None else columns))


@rule("keras.layers.ReversibleEmbedding.call", since="3")
def reversible_call(cx: Context, self: Instance, inputs: Value, reverse: Value | None = None) -> Value:
    """Ids (batch, timesteps) -> (batch, timesteps, output_dim); with ``reverse`` back to (..., input_dim)."""
    back = reverse is not None and as_bool(reverse) is not False
    if not back:
        return embedding_call(cx, self, inputs)
    rows, columns = dim_field(self, "input_dim"), dim_field(self, "output_dim")
    if not isinstance(inputs, Array) or not inputs.shape or rows is None or columns is None or as_bool(reverse) is None:
        return output(cx, self, inputs, None)
    if not cx.equal(inputs.shape[-1], columns):
        text = (
            f"Matrix size-incompatible: In[0]: {sizes_text(inputs.shape)}, In[1]: [{columns},{rows}] [Op:MatMul] name: "
        )
        raise MatmulMismatch(
            shape_error(cx, text), values=(inputs,), taker="ReversibleEmbedding", left=inputs.shape,
            right=(columns, rows),
            left_axis=-1, right_axis=0,
        )  # fmt: skip
    dtype = as_str(self.fields["reverse_dtype"]) or ("float64" if inputs.dtype == "float64" else None)
    return output(cx, self, inputs, (*inputs.shape[:-1], rows), dtype)


@rule("keras.layers.ReversibleEmbedding.compute_mask", since="3")
def reversible_mask(cx: Context, self: Instance, inputs: Value, mask: Value | None = None) -> Value:
    """That of the ids; none for the way back."""
    return Const(None)


# -- Pipeline ---------------------------------------------------------------------------------------------------------


@rule("keras.layers.Pipeline.__init__", since="3")
def pipeline_init(cx: Context, self: Instance, layers: Value, name: Value | None = None) -> None:
    """Layers one after the other, as one."""
    init_layer(cx, self, {} if name is None else {"name": name})
    cx.set(self, "layers", layers)
    cx.set(self, "autocast", Const(False))
    cx.set(self, "~any_argument", True)


@rule("keras.layers.Pipeline.call", since="3")
def pipeline_call(
    cx: Context, self: Instance, inputs: Value, training: Value | None = None, mask: Value | None = None
) -> Value:
    """What the last of them gives."""
    layers = self.fields["layers"]
    items = layers.contents.items() if isinstance(layers, Sequence) else None
    if items is None:
        return cx.unknown("the layers of the pipeline are not known")
    made = inputs
    for layer in items:
        given = {} if training is None or is_none(training) else {"training": training}
        made = call_layer(cx, layer, made, **given)
    return made
