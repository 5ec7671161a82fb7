"""Run every program of the corpus on the real frameworks and record what happens.

One server process per target (Keras 3, Keras 2, PyTorch) imports the framework once and forks a child for each program, so
that a program costs about a second. What is recorded is in ``truth.json`` and, for ``programs/torch``, in
``truth_torch.json``: per program and target, the verdict (``runs``,
``raises`` or ``caught``), and for an exception its class, the names of its bases, the lines of the program in the
traceback (outermost first), the deepest of them, and the head of its message.

    python -m tests.conformance.verdict.record [--all] [SLUG...]

Only programs whose text changed since the last recording are run, unless ``--all`` is given.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import os
import re
import select
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from tests.conformance.loading import load_torch

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
PROGRAMS = HERE / "programs"
# The programs of each framework keep their truth and their notes in files of their own.
FAMILIES = {"": ("truth.json", "notes.json"), "torch/": ("truth_torch.json", "notes_torch.json")}
LIMIT_SECONDS = 60
MESSAGE_HEAD = 400
# Raised all the time by iteration itself: never what a person means by an error that they caught.
NOISE = ("StopIteration", "GeneratorExit", "StopAsyncIteration", "OutOfRangeError")


def targets_of(tree: ast.Module) -> list[str]:
    """The targets that a program can be run on: PyTorch, or the Kerases; one that imports ``keras`` itself is Keras 3 only."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    if "torch" in names:
        return ["torch2"]
    if "tensorflow" in names and "keras" not in names:
        return ["keras3", "keras2"]
    return ["keras3"]


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


# -- in the child: run one program ----------------------------------------------------------------------------------


class CaughtWatch:
    """Sees exceptions that pass through the program's own frames, by a trace that is local to those frames."""

    def __init__(self, path: str, tree: ast.Module) -> None:
        self.path = path
        self.guarded: set[int] = set()
        self.raising: set[int] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Try) and node.handlers:
                for child in node.body:
                    self.guarded.update(range(child.lineno, (child.end_lineno or child.lineno) + 1))
            elif isinstance(node, ast.Raise):
                self.raising.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        self.seen: list[tuple[BaseException, dict[str, Any]]] = []

    def enter(self, frame: FrameType, event: str, arg: Any) -> Any:
        if frame.f_code.co_filename != self.path:
            return None
        frame.f_trace_lines = False
        return self.inside

    def inside(self, frame: FrameType, event: str, arg: Any) -> Any:
        if event == "exception":
            kind, value, _ = arg
            if kind.__name__ not in NOISE and not any(value is old for old, _ in self.seen):
                stack = self.lines(frame)
                if any(line in self.guarded for line in stack) and stack[-1] not in self.raising:
                    self.seen.append((value, describe(value, stack)))
        return self.inside

    def lines(self, frame: FrameType | None) -> list[int]:
        found: list[int] = []
        while frame is not None:
            if frame.f_code.co_filename == self.path:
                found.append(frame.f_lineno)
            frame = frame.f_back
        return found[::-1]


def describe(error: BaseException, stack: list[int]) -> dict[str, Any]:
    kind = type(error)
    return {
        "exception": kind.__name__,
        "mro": [base.__name__ for base in kind.__mro__ if base is not object],
        "line": stack[-1] if stack else None,
        "stack": stack,
        "message": plain(str(error))[:MESSAGE_HEAD],
    }


def plain(message: str) -> str:
    """The message without colours, without the frames that graphs write into it, and without folders."""
    message = re.sub(r"\x1b\[[0-9;]*m", "", message)
    if message.startswith("in user code:"):
        # Each frame is two lines, "File ..." and its code; what follows the last one is the error itself.
        last = message.rfind('    File "')
        message = "\n".join(line.strip() for line in message[last:].split("\n")[2:] if line.strip())
    if message.startswith("Graph execution error:"):
        frames = ("File ", "Detected at ", "Stack trace")
        lines = [line.strip() for line in message.split("\n")]
        message = "\n".join(line for line in lines if line and not line.startswith(frames))
    return re.sub(r'File "[^"]*/', 'File "', message)


def program_lines(tb: TracebackType | None, path: str) -> list[int]:
    return [line for frame, line in traceback.walk_tb(tb) if frame.f_code.co_filename == path]


def printed_lines(error: BaseException, path: str) -> list[int]:
    """Lines of the program in the text that is printed, with those that AutoGraph adds ("in user code")."""
    text = "".join(traceback.format_exception(error))
    return [int(found) for found in re.findall(rf'File "{re.escape(path)}", line (\d+)', text)]


def run_program(path: str) -> dict[str, Any]:
    text = Path(path).read_text()
    tree = ast.parse(text, path)
    watch = CaughtWatch(path, tree)
    scope: dict[str, Any] = {"__name__": "__main__", "__file__": path, "__builtins__": __builtins__}
    main = type(sys)("__main__")
    main.__dict__.update(scope)
    sys.modules["__main__"] = main
    sys.argv = [path]
    os.chdir(tempfile.mkdtemp())
    code = compile(text, path, "exec")
    outcome: dict[str, Any] = {"verdict": "runs"}
    if watch.guarded:
        sys.settrace(watch.enter)
    try:
        exec(code, main.__dict__)
    except SystemExit:
        pass
    except BaseException as error:
        sys.settrace(None)
        stack = program_lines(error.__traceback__, path)
        outcome = {"verdict": "raises", **describe(error, stack)}
        printed = printed_lines(error, path)
        if printed and printed[-1] != outcome["line"]:
            outcome["printed"] = printed
        watch.seen = [(old, entry) for old, entry in watch.seen if old is not error]
    sys.settrace(None)
    if watch.seen:
        entries = [entry for _, entry in watch.seen]
        if outcome["verdict"] == "runs":
            outcome = {"verdict": "caught", **entries[0]}
            entries = entries[1:]
        if entries:
            outcome["also_caught"] = entries
    return outcome


# -- the server: import once, fork per program ----------------------------------------------------------------------


def serve(target: str) -> None:
    import numpy  # noqa: F401
    import pandas  # noqa: F401
    import sklearn.datasets
    import sklearn.model_selection
    import sklearn.preprocessing  # noqa: F401

    print(json.dumps({"ready": torch_version() if target.startswith("torch") else load_keras()}), flush=True)
    for line in sys.stdin:
        path = line.strip()
        if path:
            print(json.dumps(fork_and_run(path)), flush=True)


def load_keras() -> str:
    import tensorflow as tf

    # tf.keras is loaded lazily; touching it loads the version that this process is for.
    return "keras2" if tf.keras.Sequential.__module__.startswith("tf_keras") else "keras3"


def torch_version() -> str:
    return f"torch{load_torch().__version__.split('.')[0]}"


def fork_and_run(path: str) -> dict[str, Any]:
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        try:
            outcome = run_program(path)
        except BaseException as error:
            outcome = {"verdict": "recorder-error", "message": repr(error)}
        with os.fdopen(write, "w") as pipe:
            json.dump(outcome, pipe)
        os._exit(0)
    os.close(write)
    ready, _, _ = select.select([read], [], [], LIMIT_SECONDS)
    if not ready:
        os.kill(pid, signal.SIGKILL)
    with os.fdopen(read) as pipe:
        text = pipe.read()
    os.waitpid(pid, 0)
    if not ready:
        return {"verdict": "timeout"}
    result: dict[str, Any] = json.loads(text) if text else {"verdict": "crashed"}
    return result


# -- the recorder ---------------------------------------------------------------------------------------------------


class Server:
    def __init__(self, target: str) -> None:
        env = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1", OMP_NUM_THREADS="1")
        env.update(TF_NUM_INTRAOP_THREADS="1", TF_NUM_INTEROP_THREADS="1", PYTHONWARNINGS="ignore")
        env["TF_USE_LEGACY_KERAS"] = "1" if target == "keras2" else "0"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.conformance.verdict.record", "--serve", target],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=env,
        )
        self.version = self.answer()["ready"]
        if self.version != target:
            raise SystemExit(f"wanted {target}, the process has {self.version}")

    def answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def run(self, path: Path) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{path}\n")
        self.process.stdin.flush()
        return self.answer()

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def family_of(slug: str) -> str:
    """The part of a slug that says whose program it is: a folder of ``programs``, or nothing."""
    return slug[: slug.rfind("/") + 1]


def load_all(which: int) -> dict[str, Any]:
    """Everything that the files of all families hold: their truth (0) or their notes (1)."""
    found: dict[str, Any] = {}
    for names in FAMILIES.values():
        path = HERE / names[which]
        found.update(json.loads(path.read_text(encoding="utf-8")) if path.exists() else {})
    return found


def write_truth(truth: dict[str, Any]) -> None:
    for family, (name, _) in FAMILIES.items():
        part = {slug: entry for slug, entry in sorted(truth.items()) if family_of(slug) == family}
        (HERE / name).write_text(json.dumps(part, indent=1) + "\n", encoding="utf-8")


def programs() -> dict[str, Path]:
    """``{slug: path}``; the slug of a program in a folder starts with the folder's name."""
    return {
        path.relative_to(PROGRAMS).with_suffix("").as_posix(): path
        for family in FAMILIES
        for path in sorted((PROGRAMS / family).glob("*.py"))
    }


def record(slugs: list[str], everything: bool) -> None:
    truth = load_all(0)
    present = programs()
    for gone in [slug for slug in truth if slug not in present]:
        del truth[gone]
    pending: dict[str, list[str]] = {"keras3": [], "keras2": [], "torch2": []}
    for slug, path in present.items():
        text = path.read_text()
        known = truth.get(slug, {})
        if slugs and slug not in slugs:
            continue
        if not everything and known.get("digest") == digest(text):
            continue
        truth[slug] = {"digest": digest(text)}
        for target in targets_of(ast.parse(text)):
            pending[target].append(slug)
    for target, todo in pending.items():
        if not todo:
            continue
        server = Server(target)
        for slug in todo:
            start = time.time()
            outcome = server.run(present[slug])
            truth[slug][target] = outcome
            where = f"{outcome.get('exception', '')} line {outcome.get('line', '')}" if "exception" in outcome else ""
            print(f"{target}  {time.time() - start:4.1f}s  {slug:50} {outcome['verdict']:7} {where}", flush=True)
            if "message" in outcome:
                print(f"        {' '.join(outcome['message'].split())[:160]}", flush=True)
        server.close()
        write_truth(truth)


def complaints() -> list[str]:
    """What is wrong with the corpus itself: twins that do not run, faulty programs that do without being labelled."""
    truth, notes = load_all(0), load_all(1)
    found = []
    for slug, entry in truth.items():
        verdicts = {key: value["verdict"] for key, value in entry.items() if key != "digest"}
        if slug.endswith("__fixed"):
            found += [f"{slug}: {key} {verdict}" for key, verdict in verdicts.items() if verdict != "runs"]
            continue
        if slug not in notes:
            found.append(f"{slug}: no entry in notes.json")
        elif not notes[slug]["silent"] and all(verdict == "runs" for verdict in verdicts.values()):
            found.append(f"{slug}: runs everywhere, but is not labelled silent")
        found += [f"{slug}: {key} {v}" for key, v in verdicts.items() if v not in ("runs", "raises", "caught")]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", metavar="TARGET", help=argparse.SUPPRESS)
    parser.add_argument("--all", action="store_true", help="run every program again")
    parser.add_argument("slugs", nargs="*")
    args = parser.parse_args()
    if args.serve:
        serve(args.serve)
        return
    record(args.slugs, args.all)
    for complaint in complaints():
        print(complaint)


if __name__ == "__main__":
    main()
