"""Learn from Keras' own tests of ``keras.ops`` which calls are worth asking about.

    python tests/conformance/keras_ops/listen.py [PYTEST-ARGUMENTS]

The keras wheel ships its tests. This runs those of ``keras/src/ops`` as they are and writes every call of a public
function of ``keras.ops`` down as a line of Python (arrays by shape and dtype, small integer ones by their elements), to
``calls.txt.gz``. What cannot be written down (functions of the test, sparse tensors) is counted. What a call gives is
not taken from the test: ``record.py`` runs the lines again, on their own.
"""

from __future__ import annotations

import collections
import gzip
import os
import sys
import types
from collections.abc import Callable
from typing import Any

for _name, _value in (("KERAS_BACKEND", "tensorflow"), ("TF_CPP_MIN_LOG_LEVEL", "3"), ("CUDA_VISIBLE_DEVICES", "-1")):
    os.environ.setdefault(_name, _value)

HERE = os.path.dirname(os.path.abspath(__file__))
CALLS = os.path.join(HERE, "calls.txt.gz")
SMALL = 24
"""Arrays of ints with at most so many elements are written with their elements."""


class NotWritable(Exception):
    """A value that has no short text."""


def text_of(value: Any) -> str:
    """Python that makes a value with the same type, shape and dtype."""
    import keras
    import numpy as np

    if value is None or isinstance(value, (bool, int, str)) or value is Ellipsis:
        return repr(value)
    if isinstance(value, float):
        return repr(value) if value == value and abs(value) != float("inf") else f'float("{value}")'
    if isinstance(value, complex):
        return repr(value)
    if isinstance(value, slice):
        return f"slice({text_of(value.start)}, {text_of(value.stop)}, {text_of(value.step)})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{text_of(key)}: {text_of(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(text_of(item) for item in value) + "]"
    if isinstance(value, tuple) and type(value) is tuple:
        return "(" + "".join(text_of(item) + ", " for item in value).rstrip(" ") + ")"
    if isinstance(value, keras.KerasTensor):
        if value.sparse or value.ragged:
            raise NotWritable("sparse")
        return f"keras.KerasTensor({value.shape!r}, {value.dtype!r})"
    if value is int or value is float or value is bool:
        name: str = value.__name__
        return name
    if isinstance(value, np.generic):
        return f"np.{value.dtype.name}({value.item()!r})"
    if isinstance(value, np.ndarray):
        return array_text(value)
    if keras.ops.is_tensor(value) and not any(hasattr(value, name) for name in ("indices", "flat_values")):
        dtype = keras.backend.standardize_dtype(value.dtype)
        if dtype == "bfloat16" or "float8" in dtype:
            return f"keras.ops.convert_to_tensor(np.ones({tuple(value.shape)!r}), dtype={dtype!r})"
        return f"keras.ops.convert_to_tensor({array_text(np.asarray(value))})"
    if isinstance(value, keras.Variable):
        return f"keras.Variable({array_text(np.asarray(value))}, dtype={value.dtype!r})"
    raise NotWritable(type(value).__name__)


def array_text(value: Any) -> str:
    """A NumPy array: its elements where they are few ints, ones else."""
    import numpy as np

    if value.dtype.kind in "iub" and value.size <= SMALL and 0 not in value.shape:
        return f"np.array({value.tolist()!r}, {value.dtype.name!r})"
    if value.dtype.kind not in "iubfc" or value.dtype.name not in np.sctypeDict:
        raise NotWritable(value.dtype.name)
    return f"np.ones({value.shape!r}, {value.dtype.name!r})"


class Listener:
    """Stands before every public function of ``keras.ops``."""

    def __init__(self) -> None:
        self.depth = 0
        self.lines: dict[str, None] = {}
        self.left_out: collections.Counter[str] = collections.Counter()

    def heard(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def listening(*args: Any, **kwargs: Any) -> Any:
            if self.depth == 0:
                self.depth += 1
                try:
                    words = [text_of(value) for value in args]
                    words += [f"{key}={text_of(value)}" for key, value in kwargs.items()]
                    self.lines[f"keras.ops.{name}({', '.join(words)})"] = None
                except NotWritable as why:
                    self.left_out[f"{name}: {why}"] += 1
                except Exception as error:
                    self.left_out[f"{name}: {error!r}"[:80]] += 1
                finally:
                    self.depth -= 1
            self.depth += 1
            try:
                return function(*args, **kwargs)
            finally:
                self.depth -= 1

        listening.__dict__.update(getattr(function, "__dict__", {}))
        listening.__wrapped__ = function  # type: ignore[attr-defined]
        listening.__name__ = name
        return listening

    def stand(self) -> None:
        """Take the place of the functions wherever the tests may find them."""
        import keras
        from keras.src import ops
        from keras.src.ops import core, einops, image, linalg, math, nn, numpy

        modules = (keras.ops, ops, core, einops, image, linalg, math, nn, numpy)
        for name in dir(keras.ops):
            function = getattr(keras.ops, name)
            if name.startswith("_") or not isinstance(function, types.FunctionType):
                continue
            wrapped = self.heard(name, function)
            for module in modules:
                if getattr(module, name, None) is function:
                    setattr(module, name, wrapped)


def main(arguments: list[str]) -> None:
    """Run the tests and keep the lines."""
    import keras
    import pytest

    listener = Listener()
    listener.stand()
    folder = os.path.join(os.path.dirname(keras.__file__), "src", "ops")
    files = [os.path.join(folder, f"{name}_test.py") for name in
             ("numpy", "nn", "math", "linalg", "image", "core", "ops")]  # fmt: skip
    pytest.main(
        [
            *files,
            "-q",
            "--continue-on-collection-errors",
            "-p",
            "no:cacheprovider",
            "--tb=no",
            "--no-header",
            *arguments,
        ]
    )
    with gzip.GzipFile(CALLS, "wb", mtime=0) as file:
        file.write("".join(line + "\n" for line in sorted(listener.lines)).encode())
    print(len(listener.lines), "lines; left out:", dict(listener.left_out.most_common(60)))


if __name__ == "__main__":
    main(sys.argv[1:])
