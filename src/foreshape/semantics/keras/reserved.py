"""Names of a layer or model that Keras keeps for itself: ``self.output = Dense(1)`` raises.

Read off the properties without a setter of keras/src/layers/layer.py, .../models/model.py and their twins of Keras 2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import ClassValue, Instance
from foreshape.faults.missing_attribute import MissingAttribute
from foreshape.semantics.keras.base import error, is_keras3
from foreshape.semantics.keras.methods import is_layer, is_model

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

BOTH: Final = frozenset((
    "compute_dtype", "dtype", "input", "losses", "metrics", "non_trainable_variables", "non_trainable_weights",
    "output", "trainable_variables", "trainable_weights", "variable_dtype", "variables", "weights",
))  # fmt: skip
KERAS_3: Final = BOTH | frozenset(["input_dtype", "metrics_variables", "path", "quantization_mode"])
KERAS_2: Final = BOTH | frozenset((
    "dynamic", "inbound_nodes", "input_mask", "input_shape", "name", "name_scope", "outbound_nodes",
    "output_mask", "output_shape", "submodules", "updates",
))  # fmt: skip
OF_MODELS: Final = frozenset({"layers", "metrics_names", "distribute_strategy"})


def reserved(cx: Context, self: Instance, name: str) -> None:
    """Raise the AttributeError of a property without a setter, unless the class of the program has a name of its own there."""
    new = is_keras3(cx)
    if name not in (KERAS_3 if new else KERAS_2) and not (name in OF_MODELS and is_model(self)):
        return
    if not isinstance(self.cls, ClassValue) or not is_layer(self) or self.tainted:
        return
    if any(name in base.fields for base in self.cls.mro if isinstance(base, ClassValue)):
        return
    message = f"property '{name}' of '{self.cls.name}' object has no setter"
    if new and name == "layers":
        message = "`Model.layers` attribute is reserved and should not be used. Please use another name."
    elif not new:
        message = (
            f'Can\'t set the attribute "{name}", likely because it conflicts with an existing read-only @property of the '
            "object. Please choose a different name."
        )
    raise MissingAttribute(
        error(cx, "AttributeError", message), values=(self,), owner=self.cls.name, attribute=name, set=True
    )
