"""Make a written layer call for real, and say what happened.

An outcome is

    {"ok": true, "output": VALUE, "weights": [[SHAPE, DTYPE, TRAINABLE], ..], "output_shape": .., "computed": ..}
    {"ok": false, "stage": "init|call|then", "exception": "ValueError", "message": ".."}

``computed`` is there only where ``compute_output_shape`` says something else than the call gave. ``then`` is a second
call of the same layer, with other input.
"""

from __future__ import annotations

import contextlib
import math
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wire import Names, NotWritable, Reader, Writer, leaves

MESSAGE_KEPT = 700

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
"""Keras prints some of its messages in bold."""

HOME = str(Path(sys.prefix)) + "/"
"""Where packages are installed; it differs from machine to machine and is cut from messages."""


class Overtime(Exception):
    """A call took too long."""


@contextlib.contextmanager
def limit(seconds: int) -> Iterator[None]:
    """Raise Overtime in the body after so many seconds."""

    def ring(_signum: int, _frame: Any) -> None:
        raise Overtime

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def data(written: dict[str, Any]) -> Any:
    """An array such as the written one, with the same range where that was written."""
    import numpy

    shape = [2 if d is None else d for d in written["array"]]
    dtype = written["dtype"]
    if "value" in written:
        return numpy.array(
            _numbers(written["value"]), dtype=object if dtype == "string" else _numpy_dtype(dtype)
        ).reshape(shape)
    rng = numpy.random.default_rng(0)
    if dtype.startswith(("int", "uint")):
        return rng.integers(written.get("low", 0), written.get("high", 2) + 1, size=shape).astype(dtype)
    if dtype == "bool":
        return rng.random(shape) < 0.7
    if dtype == "string":
        return numpy.full(shape, "a b", dtype=object)
    return rng.random(shape).astype(_numpy_dtype(dtype))


def _numbers(value: Any) -> Any:
    if isinstance(value, list):
        return [_numbers(v) for v in value]
    return float(value["float"]) if isinstance(value, dict) else value


def _numpy_dtype(name: str) -> Any:
    if name != "bfloat16":
        return name
    import ml_dtypes

    return ml_dtypes.bfloat16


def eager(written: dict[str, Any]) -> Any:
    """The array as the call got it: NumPy data, or a TensorFlow tensor for every other kind."""
    import tensorflow as tf

    array = data(written)
    if written["kind"] == "numpy":
        return array
    if written["kind"] == "sparse":
        return tf.sparse.from_dense(array)
    if written["kind"] == "ragged":
        return tf.RaggedTensor.from_tensor(array, padding=0)
    if written["dtype"] == "string":
        return tf.constant(array.tolist(), shape=array.shape, dtype="string")
    return tf.convert_to_tensor(array)


def symbolic_with(keras: Any, free_batch: bool) -> Any:
    """A maker of symbolic inputs; ``free_batch`` leaves the first axis open, as ``keras.Input`` does."""

    def make(written: dict[str, Any]) -> Any:
        if written["kind"] == "ragged":
            raise NotWritable("a ragged symbolic input")
        shape = list(written["array"])
        if free_batch and shape:
            shape[0] = None
        dtype = written["dtype"]
        sparse = {"sparse": True} if written["kind"] == "sparse" else {}
        if not shape:
            return keras.KerasTensor(shape=(), dtype=dtype) if hasattr(keras, "KerasTensor") else eager(written)
        return keras.Input(batch_shape=tuple(shape), dtype=dtype, **sparse)

    return make


class Player:
    """Makes recorded calls on one Keras module."""

    def __init__(self, keras: Any, names: Names) -> None:
        self.keras = keras
        self.names = names
        self.writer = Writer(names)

    def play(self, record: dict[str, Any], mode: str, seconds: int = 30) -> dict[str, Any]:
        """The outcome of ``record``; mode is ``eager``, ``symbolic`` (these shapes) or ``free`` (first axis open)."""
        make = eager if mode == "eager" else symbolic_with(self.keras, mode == "free")
        try:
            with limit(seconds), self._context(record.get("context", {})):
                return self._play(record, Reader(self.names, make), mode)
        except Overtime:
            return {"ok": False, "stage": "none", "exception": "Overtime", "message": f"more than {seconds} s"}
        except NotWritable as error:
            return {"ok": False, "stage": "none", "exception": "NotWritable", "message": str(error)}

    def construct(self, record: dict[str, Any]) -> dict[str, Any]:
        """The outcome of only making the layer."""
        try:
            layer = Reader(self.names, data).read({"layer": record["layer"], "kwargs": record["kwargs"]})
        except Exception as error:
            return failure("init", error)
        return {"ok": True, "output": None, "weights": weights_of(layer)}

    @contextlib.contextmanager
    def _context(self, context: dict[str, Any]) -> Iterator[None]:
        backend = getattr(self.keras, "backend", None)
        form = context.get("image_data_format")
        if form is None:
            yield
            return
        config = self.keras.config if hasattr(self.keras, "config") else backend
        before = config.image_data_format()
        config.set_image_data_format(form)
        try:
            yield
        finally:
            config.set_image_data_format(before)

    def _play(self, record: dict[str, Any], reader: Reader, mode: str) -> dict[str, Any]:
        # Weights and vocabularies are data even where the call itself is symbolic.
        plain = Reader(self.names, eager if mode == "eager" else data)
        stage = "init"
        try:
            layer = plain.read({"layer": record["layer"], "kwargs": record["kwargs"]})
            stage = "call"
            args = [reader.read(a) for a in record["args"]]
            kwargs = {k: reader.read(v) for k, v in record["call_kwargs"].items()}
            output = layer(*args, **kwargs)
            first = None
            if "then" in record:
                first = self._written(output)
                stage = "then"
                again = {k: reader.read(v) for k, v in record.get("then_kwargs", {}).items()}
                output = layer(*[reader.read(a) for a in record["then"]], **again)
        except (KeyError, NotWritable, Overtime) as error:
            if isinstance(error, KeyError) and str(error).startswith(("'keras.", '"keras.')):
                raise NotWritable(f"no {error} here") from None
            if not isinstance(error, KeyError):
                raise
            return failure(stage, error)
        except Exception as error:
            return failure(stage, error)
        result: dict[str, Any] = {"ok": True, "output": self._written(output)}
        if first is not None:
            result["first"] = first
        result["weights"] = weights_of(layer)
        self._shapes(layer, record, result)
        return result

    def _written(self, output: Any) -> Any:
        """The output's structure, with shapes and dtypes but without contents."""
        if isinstance(output, list) or type(output).__name__ == "ListWrapper":
            return [self._written(v) for v in output]
        if isinstance(output, tuple):
            return {"tuple": [self._written(v) for v in output]}
        if isinstance(output, dict):
            return {"dict": [[self.writer.write(k), self._written(v)] for k, v in output.items()]}
        array = self.writer.array(output, contents=False)
        return self.writer.write(output) if array is None else array

    def _shapes(self, layer: Any, record: dict[str, Any], result: dict[str, Any]) -> None:
        if len(record["args"]) != 1 or record["call_kwargs"] or "then" in record:
            return
        try:
            computed = self.writer.write(layer.compute_output_shape(shapes_only(record["args"][0])))
        except Exception as error:
            result["computed"] = failure("compute_output_shape", error)
        else:
            if as_shapes(computed) != as_shapes(shapes_written(result["output"])):
                result["computed"] = computed
        with contextlib.suppress(Exception):
            result["output_shape"] = self.writer.write(layer.output_shape)


def shapes_only(written: Any) -> Any:
    """The shape of every array, in the structure of the value."""
    if isinstance(written, list):
        return [shapes_only(v) for v in written]
    if isinstance(written, dict) and "array" in written:
        return tuple(written["array"])
    if isinstance(written, dict) and "tuple" in written:
        return tuple(shapes_only(v) for v in written["tuple"])
    if isinstance(written, dict) and "dict" in written:
        return {k: shapes_only(v) for k, v in written["dict"]}
    return written


def shapes_written(written: Any) -> Any:
    """As ``shapes_only``, for an output."""
    return shapes_only(written)


def as_shapes(value: Any) -> Any:
    """Lists and tuples alike, for comparison."""
    if isinstance(value, dict) and "tuple" in value:
        return [as_shapes(v) for v in value["tuple"]]
    if isinstance(value, dict):
        return {k: as_shapes(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_shapes(v) for v in value]
    return value


def failure(stage: str, error: BaseException) -> dict[str, Any]:
    """An outcome that raised."""
    message = COLOUR.sub("", str(error)).replace(HOME, "")
    if len(message) > MESSAGE_KEPT:
        message = message[:MESSAGE_KEPT] + "..."
    return {"ok": False, "stage": stage, "exception": type(error).__name__, "message": message}


def weights_of(layer: Any) -> list[Any]:
    """Shape, dtype and trainability of the layer's weights, in order."""
    trainable = {id(w) for w in layer.trainable_weights}
    found = []
    for weight in layer.weights:
        dtype = weight.dtype if isinstance(weight.dtype, str) else weight.dtype.name
        found.append([[None if d is None else int(d) for d in weight.shape], dtype, id(weight) in trainable])
    return found


def possible(record: dict[str, Any]) -> bool:
    """Whether data can be made for the record's inputs."""
    return math.prod(d or 1 for a in leaves(record["args"]) for d in a["array"]) < 10_000_000
