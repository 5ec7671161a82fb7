"""Runs programs for real, each in a fork of a process that imported the frameworks once.

``python -m tests.conformance.trace.runner --target keras=3 FILE...`` prints one JSON object per program.
Use :func:`run_all` from another process: it starts one such server per target.
"""

from __future__ import annotations

import argparse
import builtins
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import types
from collections.abc import Iterable, Sequence
from typing import Any

from tests.conformance.loading import load_torch

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
MOST_SEEN = 12
TARGETS = ("keras=3", "keras=2", "torch=2")


def environment(target: str) -> dict[str, str]:
    """The environment of a server: quiet, on the CPU, one thread, with the framework that was asked for."""
    env = dict(os.environ)
    env.update(
        TF_CPP_MIN_LOG_LEVEL="3",
        CUDA_VISIBLE_DEVICES="-1",
        OMP_NUM_THREADS="1",
        OPENBLAS_NUM_THREADS="1",
        TF_NUM_INTRAOP_THREADS="1",
        TF_NUM_INTEROP_THREADS="1",
        TF_ENABLE_ONEDNN_OPTS="0",
        MPLBACKEND="agg",
        PYTHONHASHSEED="0",
        KERAS_BACKEND="tensorflow",
    )
    env.pop("TF_USE_LEGACY_KERAS", None)
    if target == "keras=2":
        env["TF_USE_LEGACY_KERAS"] = "1"
    return env


def framework_python() -> str:
    """The interpreter that has the frameworks: ``FORESHAPE_FRAMEWORK_PYTHON``, else this one."""
    return os.environ.get("FORESHAPE_FRAMEWORK_PYTHON") or sys.executable


class Tracer:
    """Collects the distinct (shape, dtype) of each (line, name), in the order they were first seen."""

    def __init__(self) -> None:
        self.found: dict[tuple[int, str], dict[tuple[str, str], list[Any]]] = {}

    def __call__(self, line: int, name: str, value: Any) -> Any:
        from tests.conformance.trace.observe import observe

        try:
            seen = observe(value)
        except Exception:
            seen = None
        # A value without a shape is kept as an observation too: a name that is sometimes a number is not judged.
        place = self.found.setdefault((line, name), {})
        key = ("other", "") if seen is None else (seen.kind, repr(seen))
        if key not in place and len(place) < MOST_SEEN:
            place[key] = [None, None, None] if seen is None else [seen.kind, seen.dims, seen.dtype]
        return value

    def records(self) -> list[dict[str, Any]]:
        made = []
        for (line, name), place in sorted(self.found.items()):
            seen = list(place.values())
            if any(kind is None for kind, _, _ in seen):
                continue
            made.append({"line": line, "name": name, "kind": seen[0][0], "seen": [[s[1], s[2]] for s in seen]})
        return made


def _innermost_line(error: BaseException, path: str) -> int | None:
    line = None
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename == path:
            line = frame.lineno
    if isinstance(error, SyntaxError) and line is None:
        line = error.lineno
    return line


def _leave_calls_as_they_are(source: str) -> None:
    """Stops Keras 2 from compiling ``call`` methods again from their text, where no report is.

    Programs that need that compilation (a Python ``if`` or ``for`` over tensors) use ``tf.range``.
    """
    module = sys.modules.get("tf_keras.src.engine.base_layer")
    if module is not None and "tf.range" not in source and "autograph" not in source:
        layer: Any = vars(module)["Layer"]
        layer._should_use_autograph = lambda _self: False


def _execute(path: str, trace: bool) -> dict[str, Any]:
    """Runs one program in this very process and says how it ended."""
    from tests.conformance.trace.instrument import HOOK, instrument

    if path.endswith(".ipynb"):
        source = notebook_source(path)
    else:
        with open(path, encoding="utf-8") as handle:
            source = handle.read()
    tracer = Tracer()
    if trace:
        _leave_calls_as_they_are(source)
    setattr(builtins, HOOK, tracer)
    module = types.ModuleType("__main__")
    module.__file__ = path
    sys.modules["__main__"] = module
    sys.argv = [path]
    sys.path.insert(0, os.path.dirname(path))
    result: dict[str, Any] = {"outcome": "ok"}
    try:
        code = compile(instrument(source, path) if trace else source, path, "exec")
        exec(code, module.__dict__)
    except SystemExit as stop:
        if stop.code not in (None, 0):
            result = {"outcome": "raised", "exception": "SystemExit", "message": str(stop.code), "line": None}
    except BaseException as error:
        result = {
            "outcome": "raised",
            "exception": type(error).__name__,
            "bases": [c.__name__ for c in type(error).__mro__[1:-1]],
            "message": str(error)[:600],
            "line": _innermost_line(error, path),
        }
    result["shapes"] = tracer.records() if trace else []
    return result


def notebook_source(path: str) -> str:
    """The code cells of a notebook as one program; magics and shell lines become ``pass``."""
    with open(path, encoding="utf-8") as handle:
        book = json.load(handle)
    parts = []
    for cell in book["cells"]:
        if cell["cell_type"] == "code":
            text = "".join(cell["source"])
            parts.append("\n".join("pass" if ln.startswith(("%", "!")) else ln for ln in text.split("\n")))
    return "\n".join(parts) + "\n"


def _child(path: str, trace: bool, seconds: int, out_path: str) -> None:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(seconds)
    work = tempfile.mkdtemp(prefix="trace-")
    os.chdir(work)
    log = os.open(out_path + ".log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    started = time.perf_counter()
    result = _execute(path, trace)
    result["seconds"] = round(time.perf_counter() - started, 2)
    with open(out_path, "w", encoding="utf-8") as handle:
        json.dump(result, handle)


def _preload(target: str) -> dict[str, str]:
    """Imports everything the programs use. No op runs here: a TensorFlow that has run one cannot be forked."""
    import importlib

    for name in (
        "scipy.signal",
        "sklearn.datasets",
        "sklearn.metrics",
        "sklearn.model_selection",
        "sklearn.preprocessing",
        "sklearn.feature_extraction.text",
        "sklearn.linear_model",
    ):
        importlib.import_module(name)
    others = {name: importlib.import_module(name).__version__ for name in ("numpy", "pandas")}
    if target.startswith("torch"):
        return {"torch": load_torch().__version__.split("+")[0], **others}
    tensorflow = importlib.import_module("tensorflow")
    chosen = importlib.import_module("keras" if target == "keras=3" else "tf_keras")
    _ = tensorflow.keras.layers.Dense
    return {"keras": chosen.__version__, "tensorflow": tensorflow.__version__, **others}


def serve(target: str, trace: bool, seconds: int, paths: Iterable[str]) -> None:
    """Runs each program in its own fork and prints a JSON line for it."""
    versions = _preload(target)
    stdout = os.fdopen(os.dup(1), "w")
    for path in paths:
        path = os.path.abspath(path.strip())
        with tempfile.TemporaryDirectory() as folder:
            out_path = os.path.join(folder, "result.json")
            pid = os.fork()
            if pid == 0:
                try:
                    _child(path, trace, seconds, out_path)
                finally:
                    os._exit(0)
            _, status = os.waitpid(pid, 0)
            result: dict[str, Any]
            if os.path.exists(out_path):
                with open(out_path, encoding="utf-8") as handle:
                    result = json.load(handle)
            else:
                result = {"outcome": "died", "status": status, "shapes": []}
            if os.path.exists(out_path + ".log"):
                with open(out_path + ".log", encoding="utf-8", errors="replace") as handle:
                    result["log"] = handle.read()[-4000:]
        stdout.write(json.dumps({"path": path, "versions": versions, **result}) + "\n")
        stdout.flush()


def run_all(target: str, paths: Sequence[str], *, trace: bool = True, seconds: int = 120) -> dict[str, dict[str, Any]]:
    """Runs ``paths`` for real under one target; a result per absolute path. Raises when the server fails."""
    command = [
        framework_python(),
        "-m",
        "tests.conformance.trace.runner",
        "--target",
        target,
        "--seconds",
        str(seconds),
        *([] if trace else ["--no-trace"]),
        "-",
    ]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(target),
        input="\n".join(paths) + "\n",
        capture_output=True,
        text=True,
        check=False,
    )
    results: dict[str, dict[str, Any]] = {}
    for row in done.stdout.splitlines():
        if row.startswith("{"):
            found = json.loads(row)
            results[found["path"]] = found
    if len(results) < len({os.path.abspath(p) for p in paths}):
        raise RuntimeError(f"the runner stopped early ({done.returncode}):\n{done.stderr[-2000:]}")
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", choices=TARGETS, default="keras=3")
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--no-trace", action="store_true")
    parser.add_argument("paths", nargs="+", help="programs, or - to read their paths from standard input")
    options = parser.parse_args()
    paths = sys.stdin.read().split("\n") if options.paths == ["-"] else options.paths
    serve(options.target, not options.no_trace, options.seconds, [p for p in paths if p.strip()])


if __name__ == "__main__":
    main()
