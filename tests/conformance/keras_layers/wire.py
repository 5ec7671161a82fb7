"""How a layer call is written down, so that it can be made again and read without a framework.

A record holds Python values as JSON:

    null, true, 3, 0.5, "same"            themselves
    [..]                                  a list
    {"tuple": [..]}                       a tuple
    {"dict": [[key, value], ..]}          a dict
    {"float": "inf"}                      a float that JSON does not know
    {"layer": NAME, "kwargs": {..}}       a layer, by its constructor arguments
    {"object": NAME, "kwargs": {..}}      an initializer, regularizer, constraint or policy, by its configuration
    {"function": NAME}                    a public function, such as keras.activations.relu
    {"dtype": "float32"}                  a NumPy or TensorFlow dtype object
    {"array": [2, 10, 3], "dtype": "float32", "kind": KIND}
                                          a tensor or array; KIND is numpy, tensor, variable, symbolic, graph, sparse
                                          or ragged.
                                          "low" and "high" give the range of integers, "value" small contents.

NAME is the public name, always below ``keras.`` whichever Keras is meant. This module imports no framework; the Keras
module in use is handed in.
"""

from __future__ import annotations

import inspect
import math
import tempfile
import weakref
from collections.abc import Callable, Iterable
from typing import Any

VALUES_KEPT = 64
"""Arrays up to this many elements keep their contents."""


class NotWritable(Exception):
    """A value that cannot be written down; the message says which."""


class Names:
    """Public names of the classes and functions of one Keras module."""

    def __init__(self, keras: Any) -> None:
        self.keras = keras
        self.of: dict[int, str] = {}
        self.by_name: dict[str, Any] = {}
        self._keep: list[Any] = []
        spaces = (
            "layers",
            "initializers",
            "regularizers",
            "constraints",
            "activations",
            "losses",
            "metrics",
            "optimizers",
        )
        spaces += ("dtype_policies", "random", "quantizers", "ops", "models")
        for space in spaces:
            module = getattr(keras, space, None)
            if module is None:
                continue
            for name in dir(module):
                self._add(f"keras.{space}.{name}", getattr(module, name))
        for name in dir(keras):
            value = getattr(keras, name)
            if not inspect.ismodule(value):
                self._add(f"keras.{name}", value)

    def _add(self, name: str, value: Any) -> None:
        leaf = name.rsplit(".", 1)[1]
        if leaf.startswith("_") or not callable(value):
            return
        self.by_name[name] = value
        known = self.of.get(id(value))
        # Several names may lead to one class (AvgPool1D, AveragePooling1D): the name it was defined under wins.
        if known is None or (getattr(value, "__name__", None) == leaf and not known.endswith("." + leaf)):
            self.of[id(value)] = name
            self._keep.append(value)

    def name(self, value: Any) -> str | None:
        """The public name of ``value``, or None."""
        return self.of.get(id(value))

    def resolve(self, name: str) -> Any:
        """The object behind a public name; KeyError if this Keras has none."""
        return self.by_name[name]


Constructed = weakref.WeakKeyDictionary[Any, tuple[tuple[Any, ...], dict[str, Any]]]


class Writer:
    """Turns live values into JSON."""

    def __init__(self, names: Names, constructed: Constructed | None = None) -> None:
        self.names = names
        self.constructed: Constructed = constructed if constructed is not None else weakref.WeakKeyDictionary()

    def write(self, value: Any) -> Any:
        """The JSON form of ``value``. Raises NotWritable."""
        if isinstance(value, str):
            if value.startswith(tempfile.gettempdir()):
                raise NotWritable("a temporary file")
            return str(value)
        if value is None or isinstance(value, bool):
            return value
        kind = type(value)
        if kind.__module__ == "numpy" and kind.__name__ != "ndarray" and getattr(value, "shape", None) == ():
            return self.write(value.item())
        if isinstance(value, int):
            return int(value)
        if isinstance(value, float):
            return float(value) if math.isfinite(value) else {"float": repr(float(value))}
        if isinstance(value, bytes):
            raise NotWritable("bytes")
        if isinstance(value, list):
            return [self.write(v) for v in value]
        if isinstance(value, tuple) or type(value).__name__ in ("TensorShape",):
            return {"tuple": [self.write(v) for v in value]}
        if isinstance(value, dict) or type(value).__name__ in ("_DictWrapper",):
            return {"dict": [[self.write(k), self.write(v)] for k, v in value.items()]}
        if type(value).__name__ == "ListWrapper":
            return [self.write(v) for v in value]
        array = self.array(value)
        if array is not None:
            return array
        return self._named(value)

    def _named(self, value: Any) -> Any:
        name = self.names.name(value)
        if name is not None:
            return {"function": name}
        if type(value).__module__.startswith("tensorflow") and type(value).__name__ == "DType":
            return {"dtype": value.name}
        if isinstance(value, type) and value.__module__ == "numpy":
            return {"dtype": value.__name__}
        if type(value).__module__.startswith("numpy") and hasattr(value, "itemsize"):
            return {"dtype": value.name}
        layer_class = self.names.by_name.get("keras.layers.Layer")
        if layer_class is not None and isinstance(value, layer_class):
            return self.layer(value)
        name = self.names.name(type(value))
        if name is None or not hasattr(value, "get_config"):
            raise NotWritable(f"{type(value).__module__}.{type(value).__qualname__}")
        return {"object": name, "kwargs": {k: self.write(v) for k, v in value.get_config().items()}}

    def layer(self, layer: Any) -> Any:
        """A layer by its constructor arguments, as they were given where that is known."""
        name = self.names.name(type(layer))
        if name is None:
            raise NotWritable(f"custom layer {type(layer).__qualname__}")
        if layer in self.constructed:
            args, kwargs = self.constructed[layer]
            return {"layer": name, "kwargs": self.arguments(type(layer), args, kwargs)}
        return {"layer": name, "kwargs": {k: self.write(v) for k, v in layer.get_config().items()}}

    def arguments(self, cls: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        """Constructor arguments by name. Raises NotWritable where they do not fit the signature."""
        named = dict(kwargs)
        if args:
            parameters = list(inspect.signature(cls.__init__).parameters.values())[1:]
            plain = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
            if len(args) > len(plain):
                raise NotWritable("more positional arguments than parameters")
            named = {**dict(zip(plain, args)), **named}
        return {k: self.write(v) for k, v in named.items()}

    def array(self, value: Any, contents: bool = True) -> Any:
        """The JSON form of an array or tensor, or None for anything else."""
        kind = kind_of(value)
        if kind is None:
            return None
        shape = shape_of(value)
        dtype = dtype_of(value)
        written: dict[str, Any] = {"array": shape, "dtype": dtype, "kind": kind}
        if not contents or kind in ("symbolic", "graph", "sparse", "ragged"):
            return written
        numpy_value = value.numpy() if hasattr(value, "numpy") else value
        size = math.prod(shape)
        if dtype.startswith(("int", "uint")) and size:
            written["low"] = int(numpy_value.min())
            written["high"] = int(numpy_value.max())
        if size <= VALUES_KEPT:
            if dtype == "string":
                written["value"] = _texts(numpy_value.tolist() if hasattr(numpy_value, "tolist") else numpy_value)
            elif dtype.startswith(("int", "uint", "bool")):
                written["value"] = numpy_value.tolist()
            elif dtype.startswith("float"):
                numbers = numpy_value.astype("float64")
                # Random numbers say nothing; round ones were chosen.
                if size and bool((numbers == numbers.round(3)).all()):
                    written["value"] = _finite(numbers.tolist())
        elif dtype == "string":
            raise NotWritable("a large array of text")
        return written


def _texts(value: Any) -> Any:
    if isinstance(value, list):
        return [_texts(v) for v in value]
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _finite(value: Any) -> Any:
    if isinstance(value, list):
        return [_finite(v) for v in value]
    return value if math.isfinite(value) else {"float": repr(value)}


def kind_of(value: Any) -> str | None:
    """What sort of array ``value`` is, or None if it is not one."""
    cls = type(value)
    name, module = cls.__name__, cls.__module__
    if name == "ndarray" and module == "numpy":
        return "numpy"
    if name == "KerasTensor":
        return "symbolic"
    if name in ("SparseTensor", "IndexedSlices"):
        return "sparse"
    if name == "RaggedTensor":
        return "ragged"
    if name == "EagerTensor":
        return "tensor"
    if name in ("SymbolicTensor", "Tensor") and module.startswith("tensorflow"):
        return "graph"
    if name in ("Variable", "ResourceVariable", "AutoCastVariable") or "ResourceVariable" in name:
        return "variable"
    return None


def shape_of(value: Any) -> list[int | None]:
    """The static shape as a list. Raises NotWritable for an unknown rank."""
    shape = value.shape
    if getattr(shape, "rank", 0) is None:
        raise NotWritable("unknown rank")
    return [None if d is None else int(d) for d in shape]


def dtype_of(value: Any) -> str:
    """The dtype's name, ``string`` for text and objects."""
    dtype = value.dtype
    name = dtype if isinstance(dtype, str) else dtype.name
    return "string" if name.startswith(("str", "bytes", "object")) else str(name)


class Reader:
    """Turns JSON back into live values of one Keras module.

    ``array`` makes an array or tensor from a written one; it decides whether the call is made with data or
    symbolically.
    """

    def __init__(self, names: Names, array: Callable[[dict[str, Any]], Any]) -> None:
        self.names = names
        self.array = array

    def read(self, value: Any) -> Any:
        """The live value. Raises KeyError for a name that this Keras does not have."""
        if isinstance(value, list):
            return [self.read(v) for v in value]
        if not isinstance(value, dict):
            return value
        if "tuple" in value:
            return tuple(self.read(v) for v in value["tuple"])
        if "dict" in value:
            return {self.read(k): self.read(v) for k, v in value["dict"]}
        if "float" in value:
            return float(value["float"])
        if "array" in value:
            return self.array(value)
        if "dtype" in value:
            return value["dtype"]
        if "function" in value:
            return self.names.resolve(value["function"])
        kwargs = {k: self.read(v) for k, v in value["kwargs"].items()}
        if "layer" in value:
            return self.names.resolve(value["layer"])(**kwargs)
        return self.names.resolve(value["object"]).from_config(kwargs)


def leaves(value: Any) -> Iterable[dict[str, Any]]:
    """Every written array within a written value."""
    if isinstance(value, list):
        for v in value:
            yield from leaves(v)
    elif isinstance(value, dict):
        if "array" in value:
            yield value
        elif "tuple" in value:
            yield from leaves(value["tuple"])
        elif "dict" in value:
            yield from leaves(value["dict"])
        elif "kwargs" in value:
            for v in value["kwargs"].values():
                yield from leaves(v)
