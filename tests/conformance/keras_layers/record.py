"""Learn from Keras' own layer tests what each layer does, and write it down.

    python tests/conformance/keras_layers/record.py OUTPUT [TEST-FILE-PATTERN]

The keras wheel ships its tests. This runs those of ``keras/src/layers`` as they are, and listens in three places:

* ``TestCase.run_layer_test``: the layer, its arguments, its input and what the test expects of the output;
* ``Layer.__call__``: every call of a built-in layer, with what came back or what it raised;
* ``assertRaises``: layers whose construction raised.

Nothing that a test sees is changed: the listeners only look, and what cannot be written down is listed with its
reason. Afterwards every record is played back from its JSON alone, with data and symbolically. A record whose
playback differs from what the test saw depends on something that the record does not hold; it is marked.
"""

# ruff: noqa: E402 (the environment must be set before TensorFlow is imported)
from __future__ import annotations

import collections
import functools
import gzip
import importlib.metadata
import json
import os
import sys
import types
import unittest.case
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

for _name, _value in (("KERAS_BACKEND", "tensorflow"), ("TF_CPP_MIN_LOG_LEVEL", "3"), ("CUDA_VISIBLE_DEVICES", "-1")):
    os.environ.setdefault(_name, _value)

import keras
import pytest
import replay
from wire import Names, NotWritable, Writer

EXPECTED = (
    "expected_output_shape",
    "expected_output_dtype",
    "expected_output_sparse",
    "expected_output_ragged",
    "expected_num_trainable_weights",
    "expected_num_non_trainable_weights",
    "expected_num_non_trainable_variables",
    "expected_num_seed_generators",
    "expected_num_losses",
    "supports_masking",
    "expected_mask_shape",
)


class Listener:
    """Collects what the tests do. One object for one run."""

    def __init__(self) -> None:
        self.names = Names(keras)
        self.constructed: Any = weakref.WeakKeyDictionary()
        self.writer = Writer(self.names, self.constructed)
        self.earlier: Any = weakref.WeakKeyDictionary()
        self.records: dict[str, dict[str, Any]] = {}
        self.left_out: dict[str, dict[str, Any]] = {}
        self.test = ""
        self.outcomes: collections.Counter[str] = collections.Counter()
        self.failed: list[str] = []

    # pytest's own hooks: only to know which test is running and how it ended.

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: Any) -> None:
        self.test = item.nodeid.split("keras/src/", 1)[-1]

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.when == "call" or report.outcome != "passed":
            self.outcomes[report.outcome] += 1
            if report.outcome == "failed":
                reason = str(report.longrepr).strip().splitlines()[-1:]
                self.failed.append(f"{report.nodeid.split('keras/src/', 1)[-1]}: {' '.join(reason)[:200]}")

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            self.failed.append(f"{report.nodeid}: not collected: {str(report.longrepr).strip().splitlines()[-1][:200]}")

    # The listeners.

    def install(self) -> None:
        """Start listening."""
        from keras.src.layers.layer import Layer
        from keras.src.ops.operation import Operation
        from keras.src.testing.test_case import TestCase

        self._hear_construction(Operation)
        self._hear_calls(Layer)
        self._hear_layer_tests(TestCase)
        self._hear_raises()

    def _hear_construction(self, operation: Any) -> None:
        original = operation.__new__
        constructed = self.constructed

        def new(cls: Any, *args: Any, **kwargs: Any) -> Any:
            made = original(cls, *args, **kwargs)
            constructed[made] = (args, dict(kwargs))
            return made

        operation.__new__ = staticmethod(new)

    def _hear_calls(self, layer_class: Any) -> None:
        original = layer_class.__call__
        listener = self

        @functools.wraps(original)
        def call(layer: Any, *args: Any, **kwargs: Any) -> Any:
            name = listener.names.name(type(layer))
            if name is None or not name.startswith("keras.layers."):
                return original(layer, *args, **kwargs)
            record = listener.guarded(lambda: listener.call_record(name, layer, args, kwargs), name)
            try:
                output = original(layer, *args, **kwargs)
            except Exception as error:
                listener.keep(record, replay.failure("call", error))
                raise
            if record is not None:
                seen = listener.guarded(lambda: listener.output(output), name)
                listener.keep(record, None if seen is None else {"ok": True, "output": seen})
                listener.earlier.setdefault(layer, (record["args"], record["call_kwargs"]))
            return output

        layer_class.__call__ = call

    def _hear_layer_tests(self, test_case: Any) -> None:
        original = test_case.run_layer_test
        listener = self

        @functools.wraps(original)
        def run_layer_test(case: Any, layer_cls: Any, init_kwargs: Any, *args: Any, **kwargs: Any) -> Any:
            name = listener.names.name(layer_cls) or f"custom layer {layer_cls.__qualname__}"
            names = ("input_shape", "input_dtype", "input_sparse", "input_ragged", "input_data", "call_kwargs")
            given = {**dict(zip((*names, *EXPECTED), args)), **kwargs}
            record = listener.guarded(lambda: listener.test_record(layer_cls, init_kwargs or {}, given), name)
            try:
                result = original(case, layer_cls, init_kwargs, *args, **kwargs)
            except Exception as error:
                if record is not None:
                    record["raised"] = replay.failure("test", error)
                listener.keep(record, None)
                raise
            listener.keep(record, None)
            return result

        test_case.run_layer_test = run_layer_test

    def _hear_raises(self) -> None:
        context: Any = unittest.case._AssertRaisesContext  # type: ignore[attr-defined]
        original = context.__exit__
        listener = self

        @functools.wraps(original)
        def leave(manager: Any, kind: Any, error: Any, trace: Any) -> Any:
            if error is not None:
                listener.construction(error, trace)
            return original(manager, kind, error, trace)

        context.__exit__ = leave

    # What is written down.

    def guarded(self, make: Callable[[], Any], name: str) -> Any:
        """What ``make`` gives, or None, with the reason listed."""
        try:
            return make()
        except Exception as error:
            reason = str(error) if isinstance(error, NotWritable) else f"{type(error).__name__}: {error}"
            key = f"{name} {reason}"
            self.left_out.setdefault(key, {"layer": name, "reason": reason[:200], "test": self.test, "times": 0})[
                "times"
            ] += 1
            return None

    def base(self, source: str, layer: str) -> dict[str, Any]:
        record: dict[str, Any] = {"source": source, "test": self.test, "layer": layer}
        context = {}
        if keras.config.image_data_format() != "channels_last":
            context["image_data_format"] = keras.config.image_data_format()
        if keras.config.dtype_policy().name != "float32":
            context["dtype_policy"] = keras.config.dtype_policy().name
        if context:
            record["context"] = context
        return record

    def call_record(self, name: str, layer: Any, args: Any, kwargs: Any) -> dict[str, Any]:
        record = self.base("call", name)
        record["kwargs"] = self.writer.layer(layer)["kwargs"]
        record["args"] = [self.writer.write(a) for a in args]
        record["call_kwargs"] = {k: self.writer.write(v) for k, v in kwargs.items()}
        before = self.earlier.get(layer)
        if before is not None and without_kind(list(before)) != without_kind([record["args"], record["call_kwargs"]]):
            record["built_on"], record["built_on_kwargs"] = before
        return record

    def test_record(self, cls: Any, init_kwargs: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
        name = self.names.name(cls)
        if name is None:
            raise NotWritable(f"custom layer {cls.__qualname__}")
        record = self.base("run_layer_test", name)
        record["kwargs"] = {k: self.writer.write(v) for k, v in init_kwargs.items()}
        inputs = self.test_input(given)
        if isinstance(inputs, dict) and "dict" in inputs:
            record["args"], record["call_kwargs"] = [], dict(inputs["dict"])
        else:
            record["args"], record["call_kwargs"] = ([] if inputs is None else [inputs]), {}
        record["call_kwargs"].update({k: self.writer.write(v) for k, v in (given.get("call_kwargs") or {}).items()})
        expected = {
            k.removeprefix("expected_"): self.writer.write(given[k])
            for k in EXPECTED
            if given.get(k) not in (None, False)
        }
        if given.get("expected_output") is not None:
            expected["output"] = self.output(given["expected_output"])
        record["expected"] = expected
        return record

    def test_input(self, given: dict[str, Any]) -> Any:
        """The input of a ``run_layer_test``: real data, or arrays of the given shapes."""
        from keras.src.testing.test_case import map_shape_dtype_structure
        from keras.src.tree import map_shape_structure

        if given.get("input_data") is not None:
            return self.writer.write(given["input_data"])
        shape = given.get("input_shape")
        if shape is None:
            return None
        dtype = given.get("input_dtype") or map_shape_structure(lambda _: "float32", shape)
        kind = "sparse" if given.get("input_sparse") else "ragged" if given.get("input_ragged") else "tensor"

        def spell(part: Any, part_dtype: Any) -> Any:
            return Spelled({"array": list(part), "dtype": str(part_dtype), "kind": kind, "low": 0, "high": 2})

        if isinstance(shape, dict):
            return {"dict": [[k.removesuffix("_shape"), spell(v, dtype[k]).written] for k, v in shape.items()]}
        return unspell(map_shape_dtype_structure(spell, shape, dtype))

    def output(self, value: Any) -> Any:
        """The structure of an output, with shapes and dtypes."""
        return replay.Player(keras, self.names)._written(value)

    def construction(self, error: BaseException, trace: Any) -> None:
        """Keep a construction that raised: the outermost ``__init__`` of a built-in layer on the way to the error."""
        while trace is not None:
            frame = trace.tb_frame
            code = frame.f_code
            made = frame.f_locals.get(code.co_varnames[0]) if code.co_argcount else None
            if code.co_name == "__init__" and type(made).__module__.startswith("keras.") and made in self.constructed:
                name = self.names.name(type(made))
                if name is not None and name.startswith("keras.layers."):
                    record = self.guarded(functools.partial(self.construction_record, name, made), name)
                    self.keep(record, replay.failure("init", error))
                return
            if code.co_name == "__call__":
                return
            trace = trace.tb_next

    def construction_record(self, name: str, made: Any) -> dict[str, Any]:
        args, kwargs = self.constructed[made]
        return {
            **self.base("construct", name),
            "kwargs": self.writer.arguments(type(made), args, kwargs),
            "args": [],
            "call_kwargs": {},
        }

    def keep(self, record: dict[str, Any] | None, seen: dict[str, Any] | None) -> None:
        """Add a record, once for each different call."""
        if record is None:
            return
        if seen is not None:
            record["seen"] = seen
        essence = {k: v for k, v in record.items() if k not in ("test", "seen", "raised")}
        if record["source"] == "run_layer_test":
            essence["test"] = record["test"]
        self.records.setdefault(json.dumps(without_kind(essence), sort_keys=True), record)


class Spelled:
    """A written array, opaque to Keras' structure functions."""

    def __init__(self, written: dict[str, Any]) -> None:
        self.written = written


def unspell(value: Any) -> Any:
    """A structure of ``Spelled`` as JSON."""
    if isinstance(value, Spelled):
        return value.written
    if isinstance(value, tuple):
        return {"tuple": [unspell(v) for v in value]}
    return [unspell(v) for v in value]


def stand_ins() -> None:
    """The two modules that Keras' tests want and the wheel does not bring.

    ``conftest`` is that of the Keras repository. ``grain`` is a data loader; the few tests that really use it fail,
    the others of the same files run.
    """
    conftest = types.ModuleType("conftest")

    def skip_if_backend(given: str, reason: str) -> Any:
        return pytest.mark.skipif(keras.backend.backend() == given, reason=reason)

    conftest.skip_if_backend = skip_if_backend  # type: ignore[attr-defined]
    sys.modules.setdefault("conftest", conftest)
    try:
        import grain
    except ImportError:
        sys.modules["grain"] = types.ModuleType("grain")
    else:
        del grain


def stable(outcome: dict[str, Any] | None) -> Any:
    """What two outcomes must share to be called the same."""
    if outcome is None:
        return None
    if not outcome["ok"]:
        return outcome["exception"]
    return json.dumps(without_kind(outcome["output"]), sort_keys=True)


def without_kind(value: Any) -> Any:
    """The value with dense tensors of every origin alike; playback tries both origins anyway."""
    if isinstance(value, list):
        return [without_kind(v) for v in value]
    if isinstance(value, dict):
        if "array" in value:
            dense = value["kind"] not in ("sparse", "ragged")
            kept = {k: v for k, v in value.items() if k != "value" or value["dtype"] == "string"}
            return {**kept, "kind": "dense" if dense else value["kind"]}
        return {k: without_kind(v) for k, v in value.items()}
    return value


def play_back(listener: Listener) -> list[dict[str, Any]]:
    """Every record with the outcomes of its playback, sorted."""
    player = replay.Player(keras, listener.names)
    done = []
    for record in sorted(
        listener.records.values(), key=lambda r: (r["layer"], r["source"], r["test"], json.dumps(r["args"]))
    ):
        request = dict(record)
        if "built_on" in record:
            request["args"], request["call_kwargs"] = record["built_on"], record["built_on_kwargs"]
            request["then"], request["then_kwargs"] = record["args"], record["call_kwargs"]
        if record["source"] == "construct" or replay.possible(record):
            keras.utils.clear_session(free_memory=False)
            if record["args"] or record["call_kwargs"]:
                record["eager"] = player.play(request, "eager")
                record["symbolic"] = player.play(request, "symbolic")
            else:
                record["eager"] = player.construct(request)
            seen = stable(record.get("seen"))
            if seen is not None:
                record["faithful"] = seen in (stable(record.get("eager")), stable(record.get("symbolic")))
        done.append(record)
    return done


def versions() -> dict[str, str]:
    """The releases that this was learnt from."""
    found = {"python": ".".join(map(str, sys.version_info[:3]))}
    for name in ("keras", "tensorflow", "tensorflow-cpu", "tf_keras", "numpy"):
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def save(path: Path, content: dict[str, Any]) -> None:
    """Write compact JSON, one record a line; compressed (reproducibly) where the name ends in ``.gz``."""
    records = content.pop("records")
    head = json.dumps(content, indent=1, sort_keys=True)[:-2]
    lines = ",\n".join(json.dumps(r, separators=(",", ":")) for r in records)
    data = f'{head},\n "records": [\n{lines}\n]}}\n'.encode()
    path.write_bytes(gzip.compress(data, 9, mtime=0) if path.suffix == ".gz" else data)


def main(output: str, pattern: str = "") -> int:
    """Run the tests, play back, write. Exit status 0 unless nothing was recorded."""
    stand_ins()
    listener = Listener()
    listener.install()
    root = Path(keras.__file__).parent / "src" / "layers"
    files = sorted(str(p) for p in root.rglob("*_test.py") if pattern in str(p))
    options = [
        "-p",
        "no:cacheprovider",
        "-q",
        "--no-header",
        "--tb=line",
        "-W",
        "ignore",
        "-c",
        os.devnull,
        "--rootdir",
        str(root.parents[2]),
    ]
    pytest.main([*options, *files], plugins=[listener])
    tests = dict(listener.outcomes)
    raw = {"versions": versions(), "tests": tests, "failed_tests": sorted(listener.failed)}
    records = play_back(listener)
    left_out = sorted(listener.left_out.values(), key=lambda r: (r["layer"], r["reason"]))
    save(Path(output), {**raw, "left_out": left_out, "records": records})
    sources = collections.Counter(r["source"] for r in records)
    unfaithful = sum(1 for r in records if r.get("faithful") is False)
    print(f"{tests} records {dict(sources)}, {unfaithful} played back differently, {len(left_out)} kinds left out")
    return 0 if records else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
