"""``ModelCheckpoint``: in Keras 3 the file's ending has to say what is saved.

Source: keras/src/callbacks/model_checkpoint.py
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Const, Instance, Value, as_str
from foreshape.semantics.keras.config import invalid
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


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
    cx.set(self, "filepath", filepath)
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
