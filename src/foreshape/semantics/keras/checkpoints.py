"""``ModelCheckpoint``: in Keras 3 the file's ending has to say what is saved. What it wrote can be loaded again.

Source: keras/src/callbacks/model_checkpoint.py
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Const, Instance, LibraryRef, Value, as_bool, as_str
from foreshape.semantics.keras.config import invalid
from foreshape.semantics.python.written import write
from foreshape.semantics.registry import rule
from foreshape.semantics.shared.structure import flatten

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


CLASS: Final = "keras.callbacks.ModelCheckpoint"


@rule("keras.callbacks.ModelCheckpoint.__init__", until="3")
def checkpoint_init_2(
    cx: Context,
    self: Instance,
    filepath: Value,
    monitor: Value | None = None,
    verbose: Value | None = None,
    save_best_only: Value | None = None,
    save_weights_only: Value | None = None,
    mode: Value | None = None,
    save_freq: Value | None = None,
    options: Value | None = None,
    initial_value_threshold: Value | None = None,
    **kwargs: Value,
) -> Value:
    """Takes any name of a file."""
    _keep(cx, self, filepath, save_weights_only)
    return Const(None)


def _keep(cx: Context, self: Instance, filepath: Value, weights_only: Value | None) -> None:
    cx.set(self, "filepath", filepath)
    cx.set(self, "save_weights_only", Const(False) if weights_only is None else weights_only)


def checkpointed(cx: Context, model: Instance, callbacks: Value | None) -> None:
    """After ``fit``, the file of a ``ModelCheckpoint`` holds the model, or its weights. A callback that served two models
    may have kept what the first of them left."""
    from foreshape.semantics.keras.weights import saved_weights

    for leaf in flatten(callbacks) if callbacks is not None else ():
        if not isinstance(leaf, Instance) or leaf.library_type != CLASS or not isinstance(leaf.cls, LibraryRef):
            continue
        path, weights = leaf.fields.get("filepath"), as_bool(leaf.fields.get("save_weights_only"))
        if not isinstance(path, Value):
            continue
        before = leaf.fields.get("~model")
        again = before is not None and before is not model
        cx.set(leaf, "~model", model)
        text = as_str(path)
        if again or weights is None or text is None or "{" in text:
            write(cx, path, None)
        else:
            write(cx, path, saved_weights(cx, model) if weights else model)


@rule("keras.callbacks.ModelCheckpoint.__init__", since="3")
def checkpoint_init(
    cx: Context,
    self: Instance,
    filepath: Value,
    monitor: Value | None = None,
    verbose: Value | None = None,
    save_best_only: Value | None = None,
    save_weights_only: Value | None = None,
    mode: Value | None = None,
    save_freq: Value | None = None,
    initial_value_threshold: Value | None = None,
) -> Value:
    """A ValueError for weights that do not go to ``.weights.h5``, and models to neither ``.keras`` nor ``.h5``."""
    _keep(cx, self, filepath, save_weights_only)
    path = as_str(filepath)
    weights = save_weights_only
    if path is None or (weights is not None and not isinstance(weights, Const)):
        return Const(None)
    if isinstance(weights, Const) and weights.value:
        if not path.endswith(".weights.h5"):
            message = (
                "When using `save_weights_only=True` in `ModelCheckpoint`, the filepath provided must end in "
                f"`.weights.h5` (Keras weights format). Received: filepath={path}"
            )
            raise invalid(cx, "ValueError", message, "filepath", filepath)
    elif not path.endswith((".keras", ".h5")):
        message = f"The filepath provided must end in `.keras` (Keras model format). Received: filepath={path}"
        raise invalid(cx, "ValueError", message, "filepath", filepath)
    return Const(None)
