"""What JAX says, under Keras 3 or alone: the same faults as NumPy's, in its compiler's words.

The texts are those of JAX 0.10; JAX is not installed beside the other frameworks in the tests.
"""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family
from foreshape.explain.pasted.raisings import text
from foreshape.explain.pasted.sizes import aligned, clash

SHAPE: Final = r"\([\d, ]*\)"
TYPED: Final = r"[a-z]+\d*\[(?P<{name}>[\d,]*)\]"


def _broadcast(groups: dict[str, Any]) -> dict[str, Any]:
    left, right = groups["left"], groups["right"]
    return {"clash": clash(left, right) or "an axis differs", "hint": aligned(left, right)}


def _typed(groups: dict[str, Any]) -> dict[str, Any]:
    """JAX writes "float32[2,3]" where NumPy writes (2, 3)."""
    shapes = {f"{name}_shape": f"({str(groups[name]).replace(',', ', ')})" for name in ("given", "wanted")}
    return {key: f"{shape[:-1]},)" if "," not in shape and shape != "()" else shape for key, shape in shapes.items()}


FAMILIES: Final = [
    Family(
        "jax-batch-axes",
        library="jax",
        exceptions=("TypeError",),
        patterns=[
            r"dot_general requires lhs batch dimensions and rhs batch dimensions to have the same shape, got (?P<left>[\[(][\d, "
            r"]*[\])]) and "
            r"(?P<right>[\[(][\d, ]*[\])])",
        ],
        needles=("dot_general requires lhs batch dimensions",),
        headline="Stacks of matrices of {left} and {right} are multiplied one by one",
        means="All axes before the two of the matrices are counted off together, so they must have the same sizes in both.",
        causes=("One side has another batch size, or an axis of size 1 that einsum does not repeat.",),
        changes=("Print both shapes; repeat the axis of size 1 with jnp.broadcast_to, or take both from the same batch.",),
        raised=[
            text(
                "TypeError: dot_general requires lhs batch dimensions and rhs batch dimensions to have the same shape, got (2, "
                "4) and (2, 1).",
                left=(2, 4), right=(2, 1),
            ),
        ],
    ),
    Family(
        "jax-contraction",
        library="jax",
        exceptions=("TypeError",),
        patterns=[
            r"dot_general requires contracting dimensions to have the same shape, got \((?P<left>\d+),?\) and "
            r"\((?P<right>\d+),?\)",
        ],
        needles=("dot_general requires contracting",),
        headline="A matrix product has {left} columns on the left and {right} rows on the right",
        means="The last axis of the left side is multiplied with the rows of the right side, so both must have one size. Inside of a "
        "layer the right side is its weights: the layer was built for {right} features, and the data has {left}.",
        causes=("The data has another number of features than the input shape that the layer was built for, or one side is transposed.",),
        changes=("Print both shapes; change the features of the Input, or those of the data, so that the two numbers agree.",),
        raised=[
            text("TypeError: dot_general requires contracting dimensions to have the same shape, got (3,) and (4,).", left=3, right=4),
            text(
                "TypeError: Exception encountered when calling LSTMCell.call().\n\n\x1b[1mdot_general requires contracting dimensions "
                "to have the same shape, got (4,) and (3,).\x1b[0m\n\nArguments received by LSTMCell.call():\n"
                "  • inputs=jnp.ndarray(shape=(2, 4), dtype=float32)\n  • training=False",
                left=4, right=3,
            ),
        ],
    ),
    Family(
        "jax-broadcast",
        library="jax",
        exceptions=("TypeError", "ValueError"),
        patterns=[
            rf"(?P<operation>\w+) got incompatible shapes for broadcasting: (?P<left>{SHAPE}), (?P<right>{SHAPE})",
            rf"Incompatible shapes for broadcasting: (?:shapes=\[)?(?P<left>{SHAPE}),? (?:and )?(?P<right>{SHAPE})",
        ],
        needles=("ncompatible shapes for broadcasting",),
        headline="Arrays of the shapes {left} and {right} do not fit together: {clash}",
        means="Element by element, shapes are lined up from the last axis; sizes on one axis must be equal, or one of them 1.",
        causes=("{hint}", "Inside of a loss these are the labels and the outputs of the model, which need one shape."),
        changes=("Print both shapes before this line; add an axis with x[:, None], or remove one of size 1 with x.squeeze(axis).",),
        derive=_broadcast,
        raised=[
            text("TypeError: add got incompatible shapes for broadcasting: (2, 3), (2, 4).", left=(2, 3), right=(2, 4)),
            text("TypeError: sub got incompatible shapes for broadcasting: (32, 12), (32, 24).", left=(32, 12), right=(32, 24)),
            text("ValueError: Incompatible shapes for broadcasting: shapes=[(2, 3), (2, 4), ()]", left=(2, 3), right=(2, 4)),
        ],
    ),
    Family(
        "jax-broadcast-to",
        library="jax",
        exceptions=("ValueError",),
        patterns=[
            rf"Incompatible types for broadcasting: input type={TYPED.format(name='given')} and requested "
            rf"type={TYPED.format(name='wanted')}",
        ],
        needles=("Incompatible types for broadcasting",),
        headline="An array of {given_shape} cannot be stretched to {wanted_shape}",
        means="Only axes of size 1 are stretched, and new axes are added in front.",
        causes=("Values are written to a part of an array, or broadcast, that has another size.",),
        changes=("Make the sizes equal, or give the axis that is to be stretched the size 1.",),
        derive=_typed,
        raised=[
            text("ValueError: Incompatible types for broadcasting: input type=float32[2,3] and requested type=float32[4,3]",
                given="2,3", wanted="4,3"),
            text("ValueError: Incompatible types for broadcasting: input type=float32[4] and requested type=float32[3]",
                given=4, wanted=3),
        ],
    ),
    Family(
        "jax-reshape",
        library="jax",
        exceptions=("TypeError",),
        patterns=[
            rf"cannot reshape array of shape (?P<given>{SHAPE}) \(size (?P<size>\d+)\) into shape (?P<wanted>{SHAPE}) \(size "
            r"(?P<room>\d+)\)",
        ],
        needles=("cannot reshape array of shape",),
        headline="{size} values of the shape {given} do not fill the shape {wanted}, which holds {room}",
        means="A reshape moves no value and leaves none out: the sizes of the new shape must multiply to the number of values.",
        causes=("The shape was written for other data, or the batch axis was forgotten.",),
        changes=("Let one size be -1, or work the shape out from x.shape.",),
        raised=[
            text("TypeError: cannot reshape array of shape (2, 3) (size 6) into shape (4, 2) (size 8)", given=(2, 3), size=6,
                wanted=(4, 2), room=8),
        ],
    ),
    Family(
        "jax-concatenate",
        library="jax",
        exceptions=("TypeError",),
        patterns=[
            r"Cannot concatenate arrays with shapes that differ in dimensions other than the one being concatenated: concatenating "
            rf"along dimension (?P<axis>\d+) for shapes (?P<left>{SHAPE}), (?P<right>{SHAPE})",
        ],
        needles=("Cannot concatenate arrays with shapes",),
        headline="Arrays of {left} and {right} cannot be joined along axis {axis}",
        means="Parts are joined along one axis; all the others must have the same size.",
        causes=("The wrong axis is given, or one part has another number of features.",),
        changes=("Join along the axis that differs, or cut the parts to one size on the others.",),
        raised=[
            text(
                "TypeError: Cannot concatenate arrays with shapes that differ in dimensions other than the one being concatenated: "
                "concatenating along dimension 0 for shapes (2, 3), (2, 4).",
                axis=0, left=(2, 3), right=(2, 4),
            ),
        ],
    ),
    Family(
        "jax-stack",
        library="jax",
        exceptions=("ValueError",),
        patterns=[rf"All input arrays must have the same shape\. Got (?P<left>{SHAPE}), (?P<right>{SHAPE})"],
        needles=("All input arrays must have the same shape. Got",),
        headline="Arrays of {left} and {right} cannot be stacked: they need one shape",
        means="stack puts the parts on a new axis, so all of them have the same shape.",
        causes=("Sequences have different lengths, or one part has an axis more.",),
        changes=("Pad the parts to one length first, or join them along an axis that is there with concatenate.",),
        raised=[text("ValueError: All input arrays must have the same shape. Got (2, 3), (2, 4).", left=(2, 3), right=(2, 4))],
    ),
    Family(
        "jax-traced-value",
        library="jax",
        exceptions=("ConcretizationTypeError", "TracerBoolConversionError", "TracerIntegerConversionError", "TracerArrayConversionError"),
        patterns=[
            r"(?:Abstract tracer value encountered where concrete value is expected: |Attempted boolean conversion of )?traced array "
            r"with shape (?P<traced>[a-z]+\d*\[[\d,]*\])",
            r"Traced<(?:Shaped|Concrete)Array\((?P<traced>[a-z]+\d*\[[\d,]*\])",
        ],
        needles=("traced array with shape", "Traced<"),
        headline="A value that is only known when the compiled function runs, {traced}, is used as a Python number or condition",
        means="While JAX compiles a function, arrays have a shape and a dtype but no values, which int() and if need.",
        causes=("An if on an array, or a slice as long as an array says, in a layer, a loss or a function under jit.",),
        changes=("Use keras.ops.where or keras.ops.cond for a condition, and sizes from x.shape; or run without compiling "
            "(compile(jit_compile=False, run_eagerly=True)).",),
        raised=[
            text(
                "jax.errors.ConcretizationTypeError: Abstract tracer value encountered where concrete value is expected: traced array "
                "with shape float32[]\nThe problem arose with the `int` function.",
                traced="float32[]",
            ),
            text(
                "jax.errors.TracerBoolConversionError: Attempted boolean conversion of traced array with shape bool[].",
                traced="bool[]",
            ),
        ],
    ),
    Family(
        "jax-shape-sizes",
        library="jax",
        exceptions=("TypeError",),
        patterns=[r"Shapes must be 1D sequences of concrete values of integer type, got (?P<given>[(\[].*[)\]])"],
        needles=("Shapes must be 1D sequences",),
        headline="A shape has to hold whole numbers that are known beforehand, but is {given}",
        means="A size is a Python int: not a float, not an array of JAX, and within a compiled function no number that comes out of one.",
        causes=("A size was divided with /, or computed by functions of jnp, keras.ops or a jitted function.",),
        changes=("Compute sizes with Python: x.shape[1] // 2, int(...), math.prod(x.shape[1:]); under jit take them from x.shape.",),
        raised=[
            text(
                "TypeError: Shapes must be 1D sequences of concrete values of integer type, got (2, Array(768., dtype=float32), 3).",
                given="(2, Array(768., dtype=float32), 3)",
            ),
            text(
                "TypeError: Shapes must be 1D sequences of concrete values of integer type, got [2.0, 3].",
                given="[2.0, 3]",
            ),
        ],
    ),
]  # fmt: skip
