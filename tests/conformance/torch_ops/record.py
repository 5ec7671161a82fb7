"""Runs the samples and error inputs of ``op_db`` on the real PyTorch and keeps the calls with what came out.

``python tests/conformance/torch_ops/record.py`` with PyTorch installed writes ``truth.json.gz``.

Of every op: all samples of float32, int64 and bool (where it takes them; else of the first dtype it takes) as function;
the first few also as method, in place, with ``out=`` and under its other names; and all error inputs.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from writing import Unwritable, Writer, dtype_name  # noqa: E402

TRUTH = os.path.join(HERE, "truth.json.gz")
DTYPES = ("float32", "int64", "bool")
METHODS, INPLACE, OUT, ALIASES = 8, 4, 3, 2
AT_ONCE = 12


def outcome(value: Any) -> Any:
    """What is compared of a result: kind, shape, dtype, strides (None: contiguous), least and greatest element."""
    import torch

    if isinstance(value, torch.Tensor):
        if value.layout is not torch.strided:
            return ["other", str(value.layout)]
        contiguous = value.is_contiguous()
        made: list[Any] = ["tensor", list(value.shape), dtype_name(value.dtype)]
        ends: list[int] | None = None
        if value.dtype in (torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64) and value.numel():
            ends = [int(value.min()), int(value.max())]
        if ends is not None or not contiguous:
            made.append(None if contiguous else list(value.stride()))
        if ends is not None:
            made.append(ends)
        return made
    if isinstance(value, torch.Size):
        return ["list", [outcome(item) for item in value]]
    if isinstance(value, (tuple, list)):
        return ["list", [outcome(item) for item in value]]
    if value is None or isinstance(value, (bool, int, str)):
        return ["plain", value]
    if isinstance(value, (float, complex)):
        return ["number", type(value).__name__]
    if isinstance(value, torch.dtype):
        return ["dtype", dtype_name(value)]
    return ["other", type(value).__name__]


def really(function: Any, args: Any, kwargs: Any) -> Any:
    """The outcome, or the exception's class and message."""
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        try:
            return outcome(function(*args, **kwargs))
        except Exception as error:
            return ["raises", type(error).__name__, str(error)[:400]]


def renewed(value: Any) -> Any:
    """A copy, so that calls in place do not meet each other; strides are kept."""
    import torch

    if isinstance(value, torch.Tensor):
        if value.layout is not torch.strided:
            return value
        if value.is_contiguous():
            return value.detach().clone()
        return value.detach()  # overlapping memory has no clone of the same strides
    if isinstance(value, (tuple, list)):
        return type(value)(renewed(item) for item in value)
    if isinstance(value, dict):
        return {key: renewed(item) for key, item in value.items()}
    return value


class Finder:
    """Says under which public name the function of an OpInfo is called."""

    def __init__(self) -> None:
        import torch
        from torch.overrides import TorchFunctionMode

        finder = self

        class Watch(TorchFunctionMode):  # type: ignore[misc]
            def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
                before = finder.described(func, args, kwargs or {})
                result = func(*args, **(kwargs or {}))
                finder.calls.append((before, result))
                return result

        self.torch = torch
        self.watch = Watch
        self.calls: list[Any] = []

    def named(self, op: Any) -> str | None:
        """``torch.linalg.det`` where that is the very function of the OpInfo."""
        for name in (op.name, op.name.removeprefix("_refs.")):
            for start, prefix in ((self.torch, "torch"), (self.torch.Tensor, "torch.Tensor")):
                at: Any = start
                for part in name.split("."):
                    at = getattr(at, part, None)
                if at is not None and (at is op.op or at == op.op):
                    return f"{prefix}.{name}"
        return None

    def described(self, func: Any, args: Any, kwargs: Any) -> tuple[str, list[Any]] | Unwritable:
        """A call that a wrapper makes, or why it is not kept."""
        from torch.overrides import resolve_name

        try:
            name = resolve_name(func)
        except Exception:
            name = None
        if name is None or not name.startswith("torch.") or "._" in name.replace(".__", ".") or ".ops." in name:
            return Unwritable("a private function")
        try:
            return written(name.replace("torch.functional.", "torch."), args, kwargs)
        except Unwritable as reason:
            return reason

    def watched(self, function: Any, args: Any, kwargs: Any) -> tuple[str, list[Any], Any]:
        """The call that gives what a wrapper gives, and what that is."""
        self.calls = []
        try:
            with warnings.catch_warnings(), self.watch():
                warnings.simplefilter("ignore")
                result = function(*args, **kwargs)
        except Exception as error:
            raise Unwritable("a wrapper that raises by itself") from error
        made = [before for before, given in self.calls if given is result]
        if not made:
            raise Unwritable("made of several calls")
        if isinstance(made[-1], Unwritable):
            raise made[-1]
        return (*made[-1], outcome(result))


def written(name: str, args: Any, kwargs: Any) -> tuple[str, list[Any]]:
    writer = Writer()
    text = writer.function(name, args, kwargs)
    return text, writer.tensors


def calls_of(op: Any, dtype: Any, finder: Finder, skipped: dict[str, int]) -> Iterator[list[Any]]:
    """[form, text, tensors, outcome] of every call of one dtype."""
    import torch

    name = finder.named(op)
    torch.manual_seed(0)
    counts = dict.fromkeys(("method", "inplace", "out"), 0)
    for number, sample in enumerate(op.sample_inputs("cpu", dtype, requires_grad=False)):
        args, kwargs = (sample.input, *sample.args), dict(sample.kwargs)
        try:
            if name is None:
                yield ["function", *finder.watched(op.op, renewed(args), renewed(kwargs))]
                continue
            text, tensors = written(name, args, kwargs)
        except Unwritable as reason:
            skipped[str(reason)] = skipped.get(str(reason), 0) + 1
            continue
        real = really(op.op, args, kwargs)
        yield ["function", text, tensors, real]
        if name.startswith("torch.Tensor.") or not isinstance(sample.input, torch.Tensor):
            continue
        yield from variants(op, sample, real, counts)
        if number < ALIASES:
            for alias in op.aliases:
                yield from other_name(alias, args, kwargs)


def variants(op: Any, sample: Any, real: Any, counts: dict[str, int]) -> Iterator[list[Any]]:
    """The same call as method, in place and with ``out=``."""
    import torch

    args, kwargs = sample.args, dict(sample.kwargs)
    for form, most, method in (("method", METHODS, op.method_variant), ("inplace", INPLACE, op.inplace_variant)):
        if method is None or counts[form] >= most:
            continue
        counts[form] += 1
        word = getattr(method, "__name__", None)
        if word is None or getattr(torch.Tensor, word, None) is None or word.startswith("__i"):
            continue
        some, named, receiver = renewed(args), renewed(kwargs), renewed(sample.input)
        try:
            writer = Writer()
            text = writer.method(word, receiver, some, named)
        except Unwritable:
            continue
        yield [form, text, writer.tensors, really(getattr(torch.Tensor, word), (receiver, *some), named)]
    if op.supports_out and counts["out"] < OUT and real[0] == "tensor" and "out" not in kwargs:
        counts["out"] += 1
        named = renewed(kwargs)
        named["out"] = torch.empty(real[1], dtype=getattr(torch, real[2]))
        some = (renewed(sample.input), *renewed(args))
        try:
            text, tensors = written(f"torch.{op.name}", some, named)
        except Unwritable:
            return
        tensors[-1] = tensors[-1][:2]
        yield ["out", text, tensors, really(op.op, some, named)]


def other_name(alias: Any, args: Any, kwargs: Any) -> Iterator[list[Any]]:
    import torch

    at: Any = torch
    name = alias.name.removeprefix("torch.")
    for part in name.split("."):
        at = getattr(at, part, None)
    if at is None:
        return
    some, named = renewed(args), renewed(kwargs)
    try:
        text, tensors = written(f"torch.{name}", some, named)
    except Unwritable:
        return
    yield ["alias", text, tensors, really(at, some, named)]


def errors_of(op: Any, finder: Finder, skipped: dict[str, int]) -> Iterator[list[Any]]:
    """The error inputs, and what really is raised."""
    import torch

    name = finder.named(op) or f"torch.{op.name}"
    function: Any = torch
    for part in name.split(".")[1:]:
        function = getattr(function, part, None)
    for error in op.error_inputs("cpu"):
        sample = error.sample_input
        args, kwargs = (sample.input, *sample.args), dict(sample.kwargs)
        try:
            if function is None:
                raise Unwritable("a wrapper without a public name")
            if name.startswith("torch.Tensor.") and not isinstance(args[0], torch.Tensor):
                raise Unwritable("a method of something else")
            text, tensors = written(name, args, kwargs)
        except Unwritable as reason:
            skipped[str(reason)] = skipped.get(str(reason), 0) + 1
            continue
        yield ["error", text, tensors, really(function, args, kwargs)]


def dtypes_of(op: Any) -> list[Any]:
    import torch

    taken = op.supported_dtypes("cpu")
    chosen = [getattr(torch, word) for word in DTYPES if getattr(torch, word) in taken]
    if not chosen and taken:
        chosen = [torch.complex64 if torch.complex64 in taken else sorted(taken, key=str)[0]]
    return chosen


def of_op(op: Any) -> dict[str, Any]:
    """Everything that is kept of one OpInfo."""
    finder = Finder()
    skipped: dict[str, int] = {}
    found: dict[str, Any] = {"name": finder.named(op) or op.name, "calls": []}
    kept: set[str] = set()
    try:
        for dtype in dtypes_of(op):
            for call in calls_of(op, dtype, finder, skipped):
                key = json.dumps(call)
                if key not in kept:
                    kept.add(key)
                    found["calls"].append(call)
    except Exception as error:
        skipped[f"its samples cannot be made: {type(error).__name__}: {str(error)[:80]}"] = 1
    if op.error_inputs_func is not None:
        try:
            found["calls"].extend(errors_of(op, finder, skipped))
        except Exception as error:
            skipped[f"its error inputs cannot be made: {type(error).__name__}: {str(error)[:80]}"] = 1
    if skipped:
        found["skipped"] = skipped
    return found


def apart(ops: list[Any]) -> dict[str, Any]:
    """The records of some ops, made in a process of their own."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        found = {}
        for op in ops:
            found[op.formatted_name] = of_op(op)
        with os.fdopen(writer, "w") as out:
            json.dump(found, out)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    if said:
        made: dict[str, Any] = json.loads(said)
        return made
    if len(ops) == 1:
        return {ops[0].formatted_name: {"calls": [], "skipped": {"it ends the process": 1}}}
    return {key: item for op in ops for key, item in apart([op]).items()}


def main(wanted: list[str]) -> None:
    """Record all ops, or those named."""
    os.environ.update(OMP_NUM_THREADS="1", CUDA_VISIBLE_DEVICES="-1")
    import torch
    from torch.testing._internal.common_methods_invocations import op_db

    torch.set_num_threads(1)
    truth: dict[str, Any] = {}
    if wanted and os.path.exists(TRUTH):
        with gzip.open(TRUTH, "rt") as file:
            truth = json.load(file)["ops"]
    chosen = [op for op in op_db if not wanted or op.name in wanted or op.formatted_name in wanted]
    for at in range(0, len(chosen), AT_ONCE):
        truth.update(apart(chosen[at : at + AT_ONCE]))
        print(at, chosen[at].formatted_name, flush=True)
    with gzip.GzipFile(TRUTH, "wb", mtime=0) as file:
        kept = {"torch": torch.__version__.partition("+")[0], "ops": truth}
        file.write(json.dumps(kept, separators=(",", ":"), sort_keys=True).encode())


if __name__ == "__main__":
    main(sys.argv[1:])
