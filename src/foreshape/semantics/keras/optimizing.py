"""What an optimizer knows: the variables that it was given at its first step, and no others from then on. Losses of layers, too.

Follows ``keras/src/optimizers/base_optimizer.py`` and ``tf_keras/src/optimizers/optimizer.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Const, Instance, LibraryRef, Sequence, Value, is_none
from foreshape.faults.gradient_state import GradientState
from foreshape.faults.optimizer_reuse import OptimizerReuse
from foreshape.semantics.keras.base import ADDS_LOSS, Weight, error, is_keras3, layer_name
from foreshape.semantics.keras.weights import trainable_of
from foreshape.semantics.registry import rule
from foreshape.semantics.tensorflow.recording import ENDS

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

ANY = "any"
"""The optimizer may have been given anything."""


def stepped(cx: Context, model: Instance) -> None:
    """``fit`` or ``train_on_batch`` has trained the model with the optimizer that it was compiled with."""
    optimizer = model.fields.get("~optimizer")
    if isinstance(optimizer, Instance):
        held = trainable_of(model)
        update(cx, optimizer, held, layer_name(model))


def update(cx: Context, optimizer: Instance, held: list[Weight] | None, owner: str) -> None:
    """A step with these variables. Raises the ValueError of Keras 3, the KeyError of Keras 2."""
    if not isinstance(optimizer.cls, LibraryRef) or not optimizer.cls.name.startswith("keras.optimizers."):
        return
    if "legacy" in optimizer.cls.name or optimizer.tainted:
        return
    known = optimizer.fields.get("~known")
    if held is None or known == ANY:
        cx.set(optimizer, "~known", ANY)
        return
    if not held:
        return
    if known is None:
        cx.set(optimizer, "~known", tuple(held))
        return
    strange = [weight for weight in held if not any(weight is other for other in known)]
    if not strange:
        return
    new = is_keras3(cx)
    kind = optimizer.cls.name.rpartition(".")[2]
    shown = f"{owner}/{strange[0].name}"
    message = (
        f"Unknown variable: <Variable path={shown}>. This optimizer can only be called for the variables it was "
        "originally built with. When working with a new set of variables, you should recreate a new optimizer instance."
        if new
        else f"The optimizer cannot recognize variable {shown}. This usually means you are trying to call the optimizer "
        "to update different parts of the model separately. Please call `optimizer.build(variables)` with the full list "
        "of trainable variables before the training loop or use legacy optimizer "
        f"`tf.keras.optimizers.legacy.{kind}."
    )
    raise OptimizerReuse(
        error(cx, "ValueError" if new else "KeyError", message),
        values=(optimizer,),
        optimizer=kind,
        variable=strange[0].name,
        count=len(strange),
        total=len(held),
    )


def _items(cx: Context, value: Value) -> tuple[Value, ...] | None:
    contents = cx.iterate(value)
    return None if contents is None else contents.items(limit=500)


def _weights_in(cx: Context, value: Value | None, pairs: bool) -> list[Weight] | None:
    """The variables of a list of them, or of pairs with their gradients."""
    items = None if value is None else _items(cx, value)
    if items is None:
        return None
    found: list[Weight] = []
    for item in items:
        if pairs:
            parts = item.contents.items(limit=2) if isinstance(item, Sequence) else None
            if parts is None or len(parts) != 2:
                return None
            item = parts[1]
        weight = item.meta.get("of") if isinstance(item, Array) else None
        if not isinstance(weight, Weight):
            return None
        found.append(weight)
    return found


def _check_gradients(cx: Context, pairs: Value) -> None:
    gradients: list[Value] = []
    for pair in _items(cx, pairs) or ():
        parts = pair.contents.items(limit=2) if isinstance(pair, Sequence) else None
        if not parts or not is_none(parts[0]):
            return
        gradients.append(parts[0])
    if not gradients:
        return
    names = ", ".join(f"'{held.name}:0'" for held in _weights_in(cx, pairs, True) or ())
    message = "No gradients provided for any variable" + ("." if is_keras3(cx) else f": ([{names}],).")
    ends = cx.process.get((ENDS, id(gradients[0])), (None, ()))[1]
    raise GradientState(
        error(cx, "ValueError", message), values=(gradients[0], *ends), taker="apply_gradients", state="empty"
    )


@rule("keras.optimizers.Optimizer.apply_gradients")
def apply_gradients(cx: Context, self: Instance, grads_and_vars: Value, *args: Value, **kwargs: Value) -> Value:
    """A step with the variables that stand beside the gradients. Raises ValueError where none of them has one."""
    _check_gradients(cx, grads_and_vars)
    update(cx, self, _weights_in(cx, grads_and_vars, True), "variable")
    return Const(None)


@rule("keras.optimizers.Optimizer.apply", since="3")
def apply(cx: Context, self: Instance, grads: Value, trainable_variables: Value | None = None) -> Value:
    """A step with these variables; without them, with those that it was built for."""
    if trainable_variables is not None:
        update(cx, self, _weights_in(cx, trainable_variables, False), "variable")
    return Const(None)


@rule("keras.optimizers.Optimizer.build")
def build(cx: Context, self: Instance, variables: Value) -> Value:
    """Makes what it keeps for each variable. A second call changes nothing."""
    if self.fields.get("~known") is None:
        held = _weights_in(cx, variables, False)
        cx.set(self, "~known", ANY if held is None else tuple(held))
    return Const(None)


@rule("keras.optimizers.Optimizer.minimize")
def minimize(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """A step with variables that may be given by a function."""
    cx.set(self, "~known", ANY)
    return Const(None)


@rule("keras.optimizers.Optimizer.scale_loss")
def scale_loss(cx: Context, self: Instance, loss: Value, *args: Value) -> Value:
    """The loss, multiplied."""
    return loss


@rule("keras.Layer.add_loss")
def layer_add_loss(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """One more loss, beside what is compiled."""
    cx.set(self, ADDS_LOSS, True)
    return Const(None)
