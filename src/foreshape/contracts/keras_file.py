"""The contract of a saved Keras model. Its configuration is read; none of its code, and no pickle, ever runs."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any, Final

from foreshape.contracts.contract import Contract, ContractError, InputContract, LabelContract, Size
from foreshape.contracts.losses import label_contract

AXES: Final = {
    "LSTM": ("timesteps", "features"), "GRU": ("timesteps", "features"), "SimpleRNN": ("timesteps", "features"),
    "Bidirectional": ("timesteps", "features"), "Conv1D": ("timesteps", "channels"), "Embedding": ("timesteps",),
    "Conv2D": ("height", "width", "channels"), "ConvLSTM2D": ("timesteps", "height", "width", "channels"),
    "MaxPooling1D": ("timesteps", "channels"), "MaxPooling2D": ("height", "width", "channels"), "Masking": ("timesteps", "features"),
    "TimeDistributed": ("timesteps",),
}  # fmt: skip
SAME_VALUES: Final = frozenset(
    {"InputLayer", "Dropout", "Activation", "Masking", "SpatialDropout1D", "Identity", "Reshape", "Flatten"}
)
"""Layers that hand their input on with its values unchanged while predicting."""
SAME_SHAPE: Final = frozenset(
    {"Dropout", "Activation", "BatchNormalization", "LayerNormalization", "Softmax", "ReLU", "LeakyReLU", "Identity", "Masking",
     "SpatialDropout1D", "GaussianNoise", "GaussianDropout", "ELU", "PReLU", "UnitNormalization"}
)  # fmt: skip
RECURRENT: Final = frozenset({"LSTM", "GRU", "SimpleRNN"})

Config = Mapping[str, Any]


def read_keras_file(path: str) -> Contract:
    """The contract of a ``.keras`` file. Raises ContractError for what is none, and OSError."""
    try:
        with zipfile.ZipFile(path) as archive:
            config = json.loads(archive.read("config.json"))
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise ContractError(f"{path} is not a .keras file that can be read: {error}") from None
    if not isinstance(config, dict) or "config" not in config:
        raise ContractError(f"{path}: its config.json describes no model")
    return contract_of_config(config, path)


def contract_of_config(config: Config, source: str = "") -> Contract:
    """The contract of a serialised model, as ``config.json`` holds it."""
    if config.get("class_name") == "Sequential" or "layers" not in (config.get("config") or {}):
        inputs, batch = _sequential_inputs(config)
    else:
        inputs, batch = _functional_inputs(config)
    if not inputs:
        raise ContractError(
            f"{source or 'the model'} says nothing about its input: it was saved before it was built, or it is a class of its "
            "own. Write a contract file by hand."
        )
    return Contract(tuple(inputs), tuple(_labels(config)), batch, source)


def _layers(config: Config) -> list[Config]:
    layers = (config.get("config") or {}).get("layers") or []
    return [each for each in layers if isinstance(each, dict)]


def _batch_shape(layer: Config) -> tuple[Size, ...] | None:
    """What the layer is fed: its own declaration, or what it was built with."""
    inner = layer.get("config") or {}
    shape = inner.get("batch_shape") or inner.get("batch_input_shape")
    if shape is None:
        shape = (layer.get("build_config") or {}).get("input_shape")
    if isinstance(shape, list) and all(size is None or isinstance(size, int) for size in shape):
        return tuple(shape)
    return None


def _sequential_inputs(config: Config) -> tuple[list[InputContract], int | None]:
    layers = _layers(config)
    shape = next((found for each in layers[:1] if (found := _batch_shape(each)) is not None), None)
    if shape is None:
        built = (config.get("build_config") or {}).get("input_shape")
        shape = (
            tuple(built) if isinstance(built, list) and all(s is None or isinstance(s, int) for s in built) else None
        )
    if shape is None:
        return [], None
    reader = next((each for each in layers if each.get("class_name") not in SAME_VALUES), None)
    name = str(((layers[0].get("config") or {}).get("name")) or "input") if layers else "input"
    return [_input(name, shape, layers[0] if layers else None, reader)], shape[0] if shape else None


def _functional_inputs(config: Config) -> tuple[list[InputContract], int | None]:
    layers = {str((each.get("config") or {}).get("name")): each for each in _layers(config)}
    readers = _readers(layers)
    found: list[InputContract] = []
    batch: int | None = None
    for name in _ends(config, "input_layers"):
        layer = layers.get(name)
        shape = _batch_shape(layer) if layer is not None else None
        if layer is None or shape is None:
            continue
        reached = list(_reached(name, readers))
        tables = [each for each in reached if each.get("class_name") == "Embedding"]
        embedding = min(tables, key=lambda each: (each.get("config") or {}).get("input_dim") or 0, default=None)
        found.append(_input(name, shape, layer, embedding or next(iter(reached), None)))
        batch = shape[0] if batch is None and shape else batch
    return found, batch


def _ends(config: Config, key: str) -> list[str]:
    """Names in ``input_layers`` or ``output_layers``, however they are nested."""

    def names(item: Any) -> Iterator[str]:
        if isinstance(item, list) and len(item) == 3 and isinstance(item[0], str) and isinstance(item[1], int):
            yield item[0]
        elif isinstance(item, list):
            for each in item:
                yield from names(each)
        elif isinstance(item, dict):
            for each in item.values():
                yield from names(each)

    return list(names((config.get("config") or {}).get(key) or []))


def _reached(name: str, readers: Mapping[str, list[Config]]) -> Iterator[Config]:
    """The layers that read the values of an input, through layers that hand them on unchanged."""
    for reader in readers.get(name, ()):
        if reader.get("class_name") in SAME_VALUES:
            yield from _reached(str((reader.get("config") or {}).get("name")), readers)
        else:
            yield reader


def _readers(layers: Mapping[str, Config]) -> dict[str, list[Config]]:
    """The layers that read the output of each."""

    def histories(item: Any) -> Iterator[str]:
        if isinstance(item, dict):
            history = item.get("keras_history")
            if isinstance(history, list) and history:
                yield str(history[0])
            for each in item.values():
                yield from histories(each)
        elif isinstance(item, list):
            for each in item:
                yield from histories(each)

    found: dict[str, list[Config]] = {}
    for layer in layers.values():
        for name in histories(layer.get("inbound_nodes") or []):
            found.setdefault(name, []).append(layer)
    return found


def _input(name: str, shape: tuple[Size, ...], layer: Config | None, reader: Config | None) -> InputContract:
    inner = (reader or {}).get("config") or {}
    kind = "float"
    high: int | None = None
    reading = str((reader or {}).get("class_name") or "")
    if reading == "Embedding" and isinstance(inner.get("input_dim"), int):
        kind, high = "integer", inner["input_dim"] - 1
    else:
        dtype = str(((layer or {}).get("config") or {}).get("dtype") or "float32")
        kind = "integer" if "int" in dtype else "any" if "string" in dtype else "float"
    axes = AXES.get(reading, ())
    return InputContract(name, shape[1:], axes=axes, kind=kind, low=0 if high is not None else None, high=high)


# -- labels -----------------------------------------------------------------------------------------------------------


def _labels(config: Config) -> Iterator[LabelContract]:
    compiled = config.get("compile_config") or {}
    loss = compiled.get("loss")
    if loss is None:
        return
    layers = {str((each.get("config") or {}).get("name")): each for each in _layers(config)}
    outputs = _ends(config, "output_layers") or list(layers)[-1:]
    for number, name in enumerate(outputs):
        layer = layers.get(name)
        shape = output_shape(layer) if layer is not None else None
        chosen = loss.get(name) if isinstance(loss, dict) and "class_name" not in loss else loss
        chosen = chosen[number] if isinstance(chosen, list) and number < len(chosen) else chosen
        found = label_contract(name, loss_name(chosen), shape)
        if found is not None:
            yield found


def loss_name(loss: Any) -> str:
    """The name of a loss, as a string, an object or a serialised one says it."""
    if isinstance(loss, str):
        return loss
    if isinstance(loss, dict):
        inner = loss.get("config")
        if loss.get("class_name") == "function" and isinstance(inner, str):
            return inner
        return str((inner.get("name") if isinstance(inner, dict) else None) or loss.get("class_name") or "")
    return ""


def output_shape(layer: Config) -> tuple[Size, ...] | None:
    """What a layer gives, without the batch axis, by its class and what it was built with; None where that is not known."""
    built = (layer.get("build_config") or {}).get("input_shape")
    if not isinstance(built, list) or not all(size is None or isinstance(size, int) for size in built):
        return None
    inner = layer.get("config") or {}
    kind = layer.get("class_name")
    given = tuple(built[1:])
    if kind == "Dense":
        return (*given[:-1], inner.get("units"))
    if kind in SAME_SHAPE:
        return given
    if kind in RECURRENT:
        units = (inner.get("units"),)
        return (given[0], *units) if inner.get("return_sequences") else units
    if kind == "TimeDistributed" and (inner.get("layer") or {}).get("class_name") == "Dense":
        return (*given[:-1], inner["layer"]["config"].get("units"))
    return None
