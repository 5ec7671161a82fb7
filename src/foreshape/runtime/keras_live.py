"""A Keras model, 2 or 3. A built one says what it wants; an unbuilt one is copied, and the copy is traced."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from foreshape.contracts import Contract, InputContract, LabelContract
from foreshape.contracts.keras_file import AXES, SAME_VALUES
from foreshape.contracts.losses import label_contract
from foreshape.runtime.facts import Fact
from foreshape.runtime.labels import stretched
from foreshape.runtime.live import Live, Run
from foreshape.runtime.quiet import same_random_state
from foreshape.runtime.refusal import parameters
from foreshape.runtime.taken import labels_fact, refused_types

ELEMENTWISE: Final = ("real", "binary")


class KerasLive:
    """model: the person's own; neither its weights nor its state are changed."""

    def __init__(self, model: Any, loss: Any = None) -> None:
        self.model = model
        self.keras: Any = _module_of(model)
        self.three = str(self.keras.__version__).startswith("3")
        self.library = "keras 3" if self.three else "keras 2"
        backend = self.keras.backend.backend() if self.three else "tensorflow"
        self.tensorflow = backend == "tensorflow"
        if not self.tensorflow:
            self.library += f" on {backend}"
        self.given_loss = self.loss = loss if loss is not None else getattr(model, "loss", None)
        if isinstance(self.loss, (list, tuple)):
            self.loss = self.loss[0] if len(self.loss) == 1 else None
        if isinstance(self.loss, dict):
            self.loss = next(iter(self.loss.values())) if len(self.loss) == 1 else None
        self.loss_name = self.loss if isinstance(self.loss, str) else _name(self.loss)
        home = str(getattr(self.loss, "__module__", "")).partition(".")[0]
        self.known_loss = isinstance(self.loss, str) or home in ("keras", "tf_keras")
        kept = getattr(self.loss, "_fn_kwargs", None) or {}  # where Keras 2 keeps it
        self.ignored: int | None = getattr(self.loss, "ignore_class", None) or kept.get("ignore_class")
        step = getattr(type(model), "train_step", None)
        self.own_step = _home_of(step) not in ("keras", "tf_keras")
        self.eager = bool(getattr(model, "run_eagerly", False))

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
        tables = [each for each in readers if type(each).__name__ == "Embedding"]
        embedding = min(tables, key=lambda each: int(each.input_dim), default=None)  # all of them read the same ids
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
                if type(layer).__name__ == "InputLayer" or not any(each is tensor for each in given):
                    continue
                if type(layer).__name__ in SAME_VALUES:
                    for output in _flat(node.output_tensors if self.three else node.outputs):
                        yield from self._readers(model, output)
                elif getattr(layer, "inputs", None) and hasattr(layer, "layers"):
                    place = next(i for i, each in enumerate(given) if each is tensor)
                    if place < len(layer.inputs):
                        yield from self._readers(layer, layer.inputs[place])
                else:
                    yield layer

    # -- what it does ---------------------------------------------------------------------------------------------------
    def arguments(self) -> int | None:
        """``fit`` takes (inputs, labels, weights), whatever the model is."""
        return None

    def takes_labels(self, name: str) -> bool:
        """``fit`` hands over a pair."""
        return False

    def run(
        self,
        inputs: dict[str, NDArray[Any]],
        keyed: bool,
        training: bool = False,
        shapes: Mapping[str, tuple[int | None, ...]] | None = None,
    ) -> Run:
        """Trace the model, or a copy of an unbuilt one, for rows of this shape; nothing is computed."""
        if not self.tensorflow:
            return self._called(inputs, keyed)
        with same_random_state():
            model = self.model if self.model.built else self._copy()
        if model is self.model:
            return self._trace(model, inputs, keyed, shapes or {})
        with same_random_state():
            return self._trace(model, inputs, keyed, shapes or {})

    def _called(self, inputs: dict[str, NDArray[Any]], keyed: bool) -> Run:
        """Another backend than TensorFlow: the model, or a copy of it, is called. Nothing is said where that would change it."""
        with same_random_state():
            model = self.model if self.model.built else self._copy()
            if (model is self.model and not model.built) or getattr(model, "stateful", False):
                return Run()
            try:
                outputs = model(_structure(inputs, keyed), training=False)
            except Exception as error:
                return Run(error=error)
        flat = list(outputs.values()) if isinstance(outputs, dict) else _flat(outputs)
        return Run(outputs=[tuple(int(size) for size in each.shape) for each in flat])

    def _trace(
        self,
        model: Any,
        inputs: dict[str, NDArray[Any]],
        keyed: bool,
        shapes: Mapping[str, tuple[int | None, ...]],
    ) -> Run:
        import tensorflow as tf

        inputs = self._columns(inputs)
        specs = [tf.TensorSpec(shapes.get(name, each.shape), _tensor_dtype(each)) for name, each in inputs.items()]
        names = list(inputs)

        def call(*tensors: Any) -> Any:
            return model(_structure(dict(zip(names, tensors)), keyed), training=False)

        try:
            concrete = tf.function(call, autograph=False).get_concrete_function(*specs)
        except Exception as error:
            return Run(error=error)
        outputs = concrete.structured_outputs
        flat = list(outputs.values()) if isinstance(outputs, dict) else _flat(outputs)
        return Run(
            outputs=[tuple(each.shape) for each in flat if each.shape.rank is not None and None not in each.shape]
        )

    def _columns(self, inputs: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Keras 2 makes columns of flat inputs."""
        if self.three:
            return inputs
        return {name: array[:, None] if array.ndim == 1 else array for name, array in inputs.items()}

    def _copy(self) -> Any:
        """A model like it, without weights yet. A class of the person's own that cannot be written down is taken itself, and
        is built then for this data, as ``fit`` would."""
        kind = type(self.model)
        try:
            if not _home(self.model) and kind.get_config is self.keras.Model.get_config:
                # a model's arguments are not kept (Keras 3 keeps the defaults), so only what takes none can be made again
                return kind() if not parameters(kind) else self.model
            return kind.from_config(self.model.get_config(), custom_objects=self._own_classes())
        except Exception:
            return self.model

    def _own_classes(self) -> dict[str, Any]:
        """The program's classes of layers by name, without which a configuration cannot be read."""
        return {type(each).__name__: type(each) for each in self._layers() if not _home(each)}

    def _layers(self) -> list[Any]:
        """The model and all layers in it."""
        return list(getattr(self.model, "_flatten_layers", list)())

    def refused_types(self, x: Any, y: Any) -> list[Fact]:
        found = refused_types(self.three, x, y)
        asked = (self.tensorflow or not self.three) and not self.own_step and not found and y is not None
        outputs = list(getattr(self.model, "outputs", None) or []) if asked else []
        loss = self.given_loss
        parts = loss.values() if isinstance(loss, dict) else loss if isinstance(loss, (list, tuple)) else [loss]
        if outputs and not any(each is None for each in parts):
            in_dict = isinstance(getattr(self.model, "output", None), dict)
            names = [] if in_dict else list(getattr(self.model, "output_names", None) or [])
            structured = isinstance(loss, (list, tuple, dict))
            return labels_fact(self.three, len(outputs), names, structured, y)
        return found

    def refuses(self, inputs: dict[str, NDArray[Any]], keyed: bool) -> bool:
        """It is known from the layers that read them."""
        return True

    def tried(self, inputs: dict[str, NDArray[Any]], keyed: bool) -> BaseException | None:
        """Called eagerly, where that leaves no trace: not where state is kept, nor where a compiled step would not look."""
        if (
            not self.tensorflow
            or getattr(self.model, "stateful", False)
            or getattr(self.model, "jit_compile", False) is True
        ):
            return None
        with same_random_state():
            model = self.model if self.model.built else self._copy()
            if model is self.model and not model.built:
                return None
            try:
                model(_structure(self._columns(inputs), keyed), training=False)
            except Exception as error:
                return error
        return None

    def doubtful(self) -> bool:
        """A table that is read at places which the model calculates, or a layer that nobody here knows."""
        layers = [each for each in self._layers() if each is not self.model]
        return any(type(each).__name__ == "Embedding" or not _home(each) for each in layers)

    def spoilt(self, inputs: dict[str, NDArray[Any]], keyed: bool) -> bool:
        """Whether NaN or infinity in these rows reaches output or gradients of a built model."""
        import tensorflow as tf

        if not self.model.built or not self.tensorflow or getattr(self.model, "stateful", False):
            return True
        values = {
            name: np.asarray(array, np.float32) if array.dtype.kind == "f" else array for name, array in inputs.items()
        }
        try:
            with same_random_state(), tf.GradientTape() as tape:
                outputs = self.model(_structure(values, keyed), training=False)
                flat = list(outputs.values()) if isinstance(outputs, dict) else _flat(outputs)
                total = tf.add_n([tf.reduce_sum(each) for each in flat])
            variables = [each.value if self.three else each for each in self.model.trainable_variables]
            found = [*flat, *(each for each in tape.gradient(total, variables) if each is not None)]
            return not all(bool(np.isfinite(np.asarray(each)).all()) for each in found)
        except Exception:
            return True

    def parts(self, labels: dict[str, NDArray[Any]], run: Run) -> list[tuple[Live, str, NDArray[Any], Run]]:
        """Every output with its labels and its loss, by name or in order."""
        if len(labels) == 1 and len(run.outputs) == 1:
            name, array = next(iter(labels.items()))
            return [(self, name, array, run)]
        names = list(getattr(self.model, "output_names", None) or [])
        if not len(labels) == len(run.outputs) == len(names):
            return []
        arrays = [labels[name] for name in names] if set(names) == set(labels) else list(labels.values())
        shown = names if set(names) == set(labels) else list(labels)
        given = self.given_loss
        if isinstance(given, dict):
            losses = [given.get(name) for name in names]
        else:
            losses = list(given) if isinstance(given, (list, tuple)) else [given] * len(names)
        if len(losses) != len(names):
            return []
        return [
            (KerasLive(self.model, loss), name, array, Run([output]))
            for loss, name, array, output in zip(losses, shown, arrays, run.outputs)
            if loss is not None
        ]

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
        if len(outputs) != 1 or not self.loss_name:
            return None
        if not self.known_loss:
            return LabelContract(name, outputs[0][1:], loss=self.loss_name)
        return label_contract(name, self.loss_name, outputs[0][1:])

    def compare(
        self, labels: NDArray[Any], run: Run, open_batch: bool = False
    ) -> tuple[BaseException | None, tuple[int, ...] | None]:
        """The loss, really called on zeros of these shapes."""
        if self.loss is None or len(run.outputs) != 1 or not self.tensorflow:
            return None, None
        import tensorflow as tf

        output = run.outputs[0]
        truth = (
            labels[..., None] if labels.ndim == 1 and not self.three else labels
        )  # Keras 2 makes columns of flat labels
        dtype = _tensor_dtype(labels)
        zeros = np.zeros(truth.shape, dtype.as_numpy_dtype)
        contract = self.label_contract("y", run.outputs)
        both: tuple[int, ...] | None = None
        if contract is not None and contract.kind in ELEMENTWISE:
            both = stretched(_one_rank(truth.shape, output), _one_rank(output, truth.shape))
            if not self.known_loss and len(truth.shape) == len(output) and truth.shape[0] == output[0]:
                both = None  # sample by sample, as a loss of several quantiles does
            if both is not None and contract.kind == "real":
                return None, both
            if self.known_loss and truth.shape == output:
                return None, None
        loss = self._loss_object()
        try:
            if self.eager:
                loss(tf.constant(zeros), tf.fill(output, tf.constant(0.5)))
            else:  # fit traces it, and other exceptions come of that
                traced = tf.function(self._as_in_training(loss), autograph=False)
                specs = tf.TensorSpec(truth.shape, dtype), tf.TensorSpec(output, tf.float32)
                traced.get_concrete_function(*specs)
        except Exception as error:
            if open_batch and not self.eager and self._passes_openly(traced, specs):
                return tf.errors.InvalidArgumentError(None, None, str(error)), None  # found when the step runs
            return error, None
        return None, both

    def _passes_openly(self, traced: Any, specs: tuple[Any, ...]) -> bool:
        """Whether the step can be traced where the size of a batch is not known."""
        import tensorflow as tf

        try:
            traced.get_concrete_function(*(tf.TensorSpec((None, *each.shape[1:]), each.dtype) for each in specs))
        except Exception:
            return False
        return True

    def _as_in_training(self, loss: Any) -> Any:
        """Keras 2 goes back to the logits of a last layer with sigmoid or softmax, and compares shapes more strictly then."""
        last = next(iter(reversed(getattr(self.model, "layers", None) or [])), None)
        if self.three or getattr(getattr(last, "activation", None), "__name__", "") not in ("sigmoid", "softmax"):
            return loss.__call__

        def call(truth: Any, logits: Any) -> Any:
            import tensorflow as tf

            output = tf.sigmoid(logits)
            output._keras_logits = logits
            return loss(truth, output)

        return call

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


def _structure(inputs: dict[str, Any], keyed: bool) -> Any:
    """What a model is called with: a dict, the only input, or a list of them."""
    values = list(inputs.values())
    return inputs if keyed else values[0] if len(values) == 1 else values


def _home(layer: Any) -> bool:
    """Whether it is one of the library's own."""
    return _home_of(type(layer)) in ("keras", "tf_keras")


def _home_of(thing: Any) -> str:
    """The library that a class or a function comes from."""
    return str(getattr(thing, "__module__", "")).partition(".")[0]


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
