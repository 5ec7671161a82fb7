"""A Keras model, 2 or 3. A built one says what it wants; an unbuilt one is copied, and the copy is traced."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from foreshape.contracts import Contract, InputContract, LabelContract
from foreshape.contracts.keras_file import AXES, SAME_VALUES
from foreshape.contracts.losses import label_contract
from foreshape.runtime.labels import stretched
from foreshape.runtime.live import Run

ELEMENTWISE: Final = ("real", "binary")


class KerasLive:
    """model: the person's own; neither its weights nor its state are changed."""

    def __init__(self, model: Any, loss: Any = None) -> None:
        self.model = model
        self.keras: Any = _module_of(model)
        self.three = str(self.keras.__version__).startswith("3")
        self.library = "keras 3" if self.three else "keras 2"
        self.loss = loss if loss is not None else getattr(model, "loss", None)
        if isinstance(self.loss, (list, tuple)):
            self.loss = self.loss[0] if len(self.loss) == 1 else None
        if isinstance(self.loss, dict):
            self.loss = next(iter(self.loss.values())) if len(self.loss) == 1 else None
        self.loss_name = self.loss if isinstance(self.loss, str) else _name(self.loss)

    # -- what it says ---------------------------------------------------------------------------------------------------
    def contract(self) -> Contract:
        """Shapes and id ranges of its inputs, the batch size of a stateful model."""
        inputs = self._inputs()
        made = [self._input(tensor) for tensor in inputs]
        batch = next(iter(inputs[0].shape), None) if inputs else None
        return Contract(tuple(made), batch_size=batch, source=self.model.name)

    def _inputs(self) -> list[Any]:
        try:
            found = self.model.inputs
        except AttributeError:
            return []
        return list(found) if found else []

    def _input(self, tensor: Any) -> InputContract:
        readers = list(self._readers(self.model, tensor))
        embedding = next((each for each in readers if type(each).__name__ == "Embedding"), None)
        reader = type(embedding or next(iter(readers), None)).__name__
        shape = tuple(None if size is None else int(size) for size in tuple(tensor.shape)[1:])
        high = None if embedding is None else int(embedding.input_dim) - 1
        dtype = str(getattr(tensor.dtype, "name", tensor.dtype))
        kind = "integer" if high is not None else "any" if "str" in dtype else "float"
        name = str(tensor.name).partition(":")[0]
        low = None if high is None else 0
        wraps = high is not None and self.three
        return InputContract(name, shape, axes=AXES.get(reader, ()), kind=kind, low=low, high=high, wraps=wraps)

    def _readers(self, model: Any, tensor: Any) -> Iterator[Any]:
        """The layers that read the values of a tensor, through layers that hand them on and through models."""
        for layer in model.layers:
            for node in list(getattr(layer, "_inbound_nodes", ())):
                given = _flat(node.input_tensors)
                if not any(each is tensor for each in given):
                    continue
                if type(layer).__name__ in SAME_VALUES:
                    for output in _flat(node.output_tensors if self.three else node.outputs):
                        yield from self._readers(model, output)
                elif getattr(layer, "inputs", None) and hasattr(layer, "layers"):
                    place = next(i for i, each in enumerate(given) if each is tensor)
                    if place < len(layer.inputs):
                        yield from self._readers(layer, layer.inputs[place])
                elif type(layer).__name__ != "InputLayer":
                    yield layer

    # -- what it does ---------------------------------------------------------------------------------------------------
    def run(self, inputs: dict[str, NDArray[Any]], keyed: bool, training: bool = False) -> Run:
        """Trace the model, or a copy of an unbuilt one, for rows of this shape; nothing is computed."""
        import tensorflow as tf

        model = self.model if self.model.built else self._copy()
        specs = [tf.TensorSpec(array.shape, _tensor_dtype(array)) for array in inputs.values()]
        names = list(inputs)

        def call(*tensors: Any) -> Any:
            structure: Any = dict(zip(names, tensors)) if keyed else tensors[0] if len(tensors) == 1 else list(tensors)
            return model(structure, training=False)

        try:
            concrete = tf.function(call, autograph=False).get_concrete_function(*specs)
        except Exception as error:
            return Run(error=error)
        outputs = concrete.structured_outputs
        flat = list(outputs.values()) if isinstance(outputs, dict) else _flat(outputs)
        return Run(
            outputs=[tuple(each.shape) for each in flat if each.shape.rank is not None and None not in each.shape]
        )

    def _copy(self) -> Any:
        """A model like it, without weights yet. A class of the person's own that cannot be written down is taken itself, and
        is built then for this data, as ``fit`` would."""
        try:
            return type(self.model).from_config(self.model.get_config())
        except Exception:
            return self.model

    def outputs(self, rows: int) -> list[tuple[int, ...]]:
        """The shapes that a built model declares for its outputs, with this many rows; [] where a size is free."""
        found = []
        for tensor in getattr(self.model, "outputs", None) or []:
            sizes = tuple(tensor.shape)[1:]
            if None in sizes:
                return []
            found.append((rows, *(int(size) for size in sizes)))
        return found

    def label_contract(self, name: str, outputs: list[tuple[int, ...]]) -> LabelContract | None:
        return label_contract(name, self.loss_name, outputs[0][1:]) if len(outputs) == 1 and self.loss_name else None

    def compare(self, labels: NDArray[Any], run: Run) -> tuple[BaseException | None, tuple[int, ...] | None]:
        """The loss, really called on zeros of these shapes."""
        if self.loss is None or len(run.outputs) != 1:
            return None, None
        import tensorflow as tf

        output = run.outputs[0]
        truth = (
            labels[..., None] if labels.ndim == 1 and not self.three else labels
        )  # Keras 2 makes columns of flat labels
        dtype = _tensor_dtype(labels)
        zeros = np.zeros(truth.shape, dtype.as_numpy_dtype)
        contract = self.label_contract("y", run.outputs)
        if contract is not None and contract.kind in ELEMENTWISE:
            both = stretched(_one_rank(truth.shape, output), _one_rank(output, truth.shape))
            if both is not None:
                return None, both
        try:
            self._loss_object()(tf.constant(zeros), tf.fill(output, tf.constant(0.5)))
        except Exception as error:
            return error, None
        return None, None

    def _loss_object(self) -> Any:
        """The loss as ``compile`` wraps it."""
        loss: Any = self.keras.losses.get(self.loss) if isinstance(self.loss, str) else self.loss
        if isinstance(loss, self.keras.losses.Loss):
            return loss

        def wrapped(truth: Any, output: Any) -> Any:
            if len(output.shape) - len(truth.shape) == 1 and output.shape[-1] == 1:
                truth = truth[..., None]
            return loss(truth, output)

        return wrapped


def _one_rank(mine: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    """Without a last axis of one that the other does not have, as Keras drops it before it compares."""
    return mine[:-1] if len(mine) - len(other) == 1 and mine[-1] == 1 else mine


def _tensor_dtype(array: NDArray[Any]) -> Any:
    """What ``fit`` makes of it: floats become float32."""
    import tensorflow as tf

    return tf.float32 if array.dtype.kind == "f" else tf.as_dtype(array.dtype)


def _flat(tensors: Any) -> list[Any]:
    if isinstance(tensors, dict):
        return list(tensors.values())
    return list(tensors) if isinstance(tensors, (list, tuple)) else [tensors]


def _name(loss: Any) -> str:
    return "" if loss is None else str(getattr(loss, "__name__", type(loss).__name__))


def _module_of(model: Any) -> Any:
    """The Keras that made it."""
    for base in type(model).__mro__:
        name = base.__module__.partition(".")[0]
        if name in ("tf_keras", "keras"):
            return sys.modules[name]
    import tensorflow as tf

    return tf.keras
