"""``Constant(array)`` as the first values of a table of weights.

Source: keras/src/initializers/constant_initializers.py, tf_keras/src/initializers/initializers.py
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import eq, product
from foreshape.domain.values import Array, Instance, Shape, Value
from foreshape.faults.weights_shape import WeightsShape
from foreshape.semantics.keras.base import error, is_keras3, layer_name
from foreshape.semantics.shared.broadcast import broadcast_shapes

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

NAMES = ("keras.initializers.Constant", "keras.initializers.constant")


def check_constant(cx: Context, layer: Instance, initializer: Value | None, needs: Shape) -> None:
    """Keras 3 multiplies the array with ones of the weight's shape: InvalidArgumentError where the two do not broadcast.
    Keras 2 wants as many numbers as the weight has, or one: TypeError."""
    if not isinstance(initializer, Instance) or initializer.library_type not in NAMES or initializer.tainted:
        return
    given = initializer.fields.get("value")
    if given is None:
        given = next(iter(initializer.fields.get("~args", ())), None)
    if not isinstance(given, Array) or given.shape is None or given.tainted or not given.shape:
        return
    if is_keras3(cx):
        if broadcast_shapes(given.shape, needs, facts=cx.facts).failed is None:
            return
        shown = " vs. ".join("[" + ",".join(map(str, shape)) + "]" for shape in (given.shape, needs))
        exception, message = "InvalidArgumentError", f"Incompatible shapes: {shown} [Op:Mul]"
    else:
        held, wanted = product(given.shape), product(needs)
        if not eq(held, wanted, cx.facts).is_no or not eq(held, 1, cx.facts).is_no:
            return
        shape = ", ".join(map(str, needs))
        exception = "TypeError"
        message = (
            "Eager execution of tf.constant with unsupported shape. Tensor ... has "
            f"{held} elements, but got `shape` ({shape}) with {wanted} elements)."
        )
    raise WeightsShape(
        error(cx, exception, message),
        values=(given,),
        layer=layer_name(layer),
        needs=needs,
        got=given.shape,
        initial=True,
    )
