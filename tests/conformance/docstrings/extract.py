"""The examples in the docstrings of installed packages, as programs, with what really happens.

    python tests/conformance/docstrings/extract.py keras|tf_keras|numpy|torch [--show NAME]

Two forms are read: ``>>>`` sessions and fenced blocks of ``python``. A session becomes one program. Each value that
it shows becomes an assignment, so that a checker that tells the shape of every assigned name tells this one too:

    >>> np.ones((2, 3)).sum(axis=1)            printed_1 = np.ones((2, 3)).sum(axis=1)
    >>> y.shape                                printed_2 = y

An example that the docstring shows raising ends a program of its own. Names that docstrings take for granted (``np``,
``keras``, ``layers``) are imported first. Nothing is believed: ``run`` executes a program, in a process of its own,
before anyone is held against it.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import doctest
import importlib
import inspect
import io
import json
import os
import re
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.conformance.loading import load_torch

for _name, _value in (("KERAS_BACKEND", "tensorflow"), ("TF_CPP_MIN_LOG_LEVEL", "3"), ("CUDA_VISIBLE_DEVICES", "-1")):
    os.environ.setdefault(_name, _value)

ASSUMED = {
    "np": "import numpy as np",
    "numpy": "import numpy",
    "keras": "import keras",
    "tf": "import tensorflow as tf",
    "layers": "from keras import layers",
    "ops": "from keras import ops",
    "models": "from keras import models",
    "Sequential": "from keras import Sequential",
    "Input": "from keras import Input",
}
"""Imports that docstrings leave out."""

TORCH_ASSUMED = {
    "np": "import numpy as np",
    "math": "import math",
    "torch": "import torch",
    "nn": "from torch import nn",
    "F": "import torch.nn.functional as F",
    "optim": "from torch import optim",
    "Tensor": "from torch import Tensor",
    "DataLoader": "from torch.utils.data import DataLoader",
    "Dataset": "from torch.utils.data import Dataset",
    "rnn_utils": "import torch.nn.utils.rnn as rnn_utils",
}
"""The same for PyTorch."""

SPACES = {
    "keras": ("keras.layers", "keras.Input", "keras.Sequential", "keras.Model", "keras.utils"),
    "tf_keras": ("tf_keras.layers", "tf_keras.Input", "tf_keras.Sequential", "tf_keras.Model", "tf_keras.utils"),
    "numpy": (
        "numpy",
        "numpy.linalg",
        "numpy.fft",
        "numpy.random",
        "numpy.lib.stride_tricks",
        "numpy.ndarray",
        "numpy.random.Generator",
    ),
    "torch": (
        "torch",
        "torch.Tensor",
        "torch.nn",
        "torch.nn.functional",
        "torch.nn.init",
        "torch.nn.utils",
        "torch.nn.utils.rnn",
        "torch.linalg",
        "torch.fft",
        "torch.special",
        "torch.utils.data",
        "torch.optim",
        "torch.optim.lr_scheduler",
        "torch.autograd",
        "torch.autograd.functional",
    ),
}
"""Where the public names of each package are looked up."""

FENCE = re.compile(r"^( *)```(?:python|py)?\s*\n(.*?)^\1```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Printed:
    """A value that a docstring shows: the name that it was given, and the text that is shown."""

    name: str
    line: int
    text: str


@dataclass(frozen=True)
class Program:
    """An example. ``name`` is that of the documented object and a number; ``raises`` is the exception that it shows."""

    name: str
    source: str
    printed: tuple[Printed, ...] = ()
    raises: str | None = None


@dataclass
class Outcome:
    """What happened: ``shapes`` has (line, name, shape, dtype) of every array assigned at the top level."""

    ran: bool
    exception: str | None = None
    message: str = ""
    line: int | None = None
    shapes: list[tuple[int, str, list[int | None], str]] = field(default_factory=list)


def programs(package: str) -> Iterator[Program]:
    """Every example of a package's public objects, each docstring once."""
    seen: set[str] = set()
    for name, value in documented(package):
        doc = value.__doc__
        if not isinstance(doc, str) or doc in seen:
            continue
        seen.add(doc)
        yield from of_docstring(name, inspect.cleandoc(doc), package)


def documented(package: str) -> Iterator[tuple[str, Any]]:
    """Public objects by name, in order."""
    for space in SPACES[package]:
        owner, _, leaf = space.rpartition(".")
        holder = importlib.import_module(package) if not owner else None
        if holder is None:
            try:
                holder = importlib.import_module(space)
            except ImportError:
                holder = getattr(importlib.import_module(owner), leaf)
        if inspect.isroutine(holder) or (
            inspect.isclass(holder) and space not in ("numpy.ndarray", "numpy.random.Generator", "torch.Tensor")
        ):
            yield space, holder
            continue
        for attribute in sorted(dir(holder)):
            value = getattr(holder, attribute, None)
            if not attribute.startswith("_") and value is not None and not inspect.ismodule(value):
                yield f"{space}.{attribute}", value


def of_docstring(name: str, doc: str, package: str) -> Iterator[Program]:
    """The programs of one docstring."""
    if ">>>" in doc:
        yield from sessions(name, doc, package)
    earlier = ""
    for number, block in enumerate(FENCE.finditer(doc), 1):
        body = inspect.cleandoc("\n" + block.group(2)) + "\n"
        if ">>>" in body or not parses(body):
            continue
        yield Program(f"{name}#block{number}", with_imports(body, package))
        if earlier:
            # A later block often goes on with what an earlier one made.
            yield Program(f"{name}#blocks{number}", with_imports(earlier + body, package))
        earlier += body


def parses(source: str) -> bool:
    """Whether ``source`` is Python."""
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return True


def sessions(name: str, doc: str, package: str) -> Iterator[Program]:
    """A ``>>>`` session as a program, and one more for each example that is shown raising."""
    try:
        examples = doctest.DocTestParser().get_examples(doc)
    except ValueError:
        return
    lines: list[str] = []
    printed: list[Printed] = []
    raising: list[Program] = []
    for example in examples:
        if "matplotlib" in example.source:
            # What follows only draws.
            break
        if not parses(example.source) or example.options.get(doctest.SKIP):
            continue
        if example.exc_msg is not None or example.want.startswith("Traceback"):
            kind = (example.exc_msg or "").split(":", 1)[0].strip().rsplit(".", 1)[-1] or "Exception"
            source = with_imports("".join(lines) + example.source, package)
            raising.append(Program(f"{name}#raise{len(raising) + 1}", source, (), kind))
            continue
        lines.append(shown(example, printed, sum(text.count("\n") for text in lines) + 1))
    source = "".join(lines)
    head = with_imports(source, package)
    offset = head.count("\n") - source.count("\n")
    if source:
        yield Program(name, head, tuple(Printed(p.name, p.line + offset, p.text) for p in printed))
    yield from raising


def shown(example: doctest.Example, printed: list[Printed], line: int) -> str:
    """The example's source; a value that it shows gets a name."""
    tree = ast.parse(example.source)
    if not example.want or len(tree.body) != 1 or not isinstance(tree.body[0], ast.Expr):
        return example.source
    expression = tree.body[0].value
    if isinstance(expression, ast.Call) and isinstance(expression.func, ast.Name) and expression.func.id == "print":
        if len(expression.args) != 1 or expression.keywords:
            return example.source
        expression = expression.args[0]
    if isinstance(expression, ast.Attribute) and expression.attr == "shape":
        expression = expression.value
    name = f"printed_{len(printed) + 1}"
    printed.append(Printed(name, line, example.want))
    text = f"{name} = {ast.unparse(expression)}\n"
    # Keep the number of lines, so that later ones stay where they were.
    return text + "\n" * (example.source.count("\n") - 1)


def with_imports(source: str, package: str) -> str:
    """The program with the imports that it takes for granted."""
    tree = ast.parse(source)
    bound = set(dir(builtins))
    used = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (bound.add if isinstance(node.ctx, ast.Store) else used.append)(node.id)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            # Some import a name only after its first use; a second import of the assumed ones does no harm.
            known = TORCH_ASSUMED.keys() if package == "torch" else ASSUMED.keys()
            bound.update({(a.asname or a.name).split(".")[0] for a in node.names} - known)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
    assumed = TORCH_ASSUMED if package == "torch" else ASSUMED
    needed = [assumed[n] for n in dict.fromkeys(used) if n in assumed and n not in bound]
    if package not in ("numpy", "torch"):
        unbound = [n for n in dict.fromkeys(used) if n not in bound and n not in ASSUMED]
        needed += [f"from keras.{space} import {n}" for n in unbound for space in [public_space(n, package)] if space]
    if package == "tf_keras":
        needed = [
            line.replace("from keras", "from tf_keras").replace("import keras", "import tf_keras as keras")
            for line in needed
        ]
    return "".join(line + "\n" for line in sorted(needed)) + source


def public_space(name: str, package: str) -> str | None:
    """Where a bare class or function of Keras comes from."""
    for space in ("layers", "utils", "models", "initializers"):
        if hasattr(getattr(sys.modules.get(package), space, None), name):
            return space
    return None


class Recorder(ast.NodeTransformer):
    """Adds a call after every top-level assignment to plain names."""

    def visit_Module(self, node: ast.Module) -> ast.Module:
        body: list[ast.stmt] = []
        for statement in node.body:
            body.append(statement)
            if isinstance(statement, ast.Assign):
                names = [n for target in statement.targets for n in plain_names(target)]
                body.extend(ast.parse(f"__seen__({statement.lineno}, {name!r}, {name})").body[0] for name in names)
        node.body = body
        return ast.fix_missing_locations(node)


def plain_names(target: ast.expr) -> list[str]:
    """The plain names that an assignment target binds."""
    if isinstance(target, ast.Name):
        return [target.id]
    if isinstance(target, (ast.Tuple, ast.List)):
        return [n for element in target.elts for n in plain_names(element)]
    if isinstance(target, ast.Starred):
        return plain_names(target.value)
    return []


def execute(program: Program) -> Outcome:
    """Run the program here. The caller sees to isolation."""
    outcome = Outcome(ran=True)

    def seen(line: int, name: str, value: Any) -> None:
        shape, dtype = getattr(value, "shape", None), getattr(value, "dtype", None)
        if shape is None or dtype is None or inspect.isclass(value):
            return
        with contextlib.suppress(TypeError, ValueError):
            dims: list[int | None] = [None if d is None else int(d) for d in shape]
            outcome.shapes.append(
                (
                    line,
                    name,
                    dims,
                    dtype if isinstance(dtype, str) else getattr(dtype, "name", str(dtype).replace("torch.", "")),
                )
            )

    try:
        code = compile(Recorder().visit(ast.parse(program.source)), "<example>", "exec")
        exec(code, {"__name__": "__main__", "__seen__": seen})
    except BaseException as error:
        outcome.ran = False
        outcome.exception, outcome.message = type(error).__name__, str(error)[:300]
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == "<example>":
                outcome.line = trace.tb_lineno
            trace = trace.tb_next
    return outcome


def run(program: Program, seconds: int = 30) -> Outcome:
    """Run the program in a forked process, in an empty folder, silently. Import what it needs before, once."""
    with tempfile.TemporaryDirectory() as folder:
        result = os.path.join(folder, "outcome.json")
        child = os.fork()
        if child == 0:
            _child(program, folder, result, seconds)
        os.waitpid(child, 0)
        if not os.path.exists(result):
            return Outcome(ran=False, exception="Crash", message=f"ended without a result within {seconds} s")
        with open(result, encoding="utf-8") as file:
            return Outcome(**json.load(file))


def _child(program: Program, folder: str, result: str, seconds: int) -> None:
    try:
        signal.alarm(seconds)
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nothing, descriptor)
        sys.stdout = sys.stderr = io.StringIO()
        os.chdir(folder)
        outcome = execute(program)
        with open(result + ".part", "w", encoding="utf-8") as file:
            json.dump(outcome.__dict__, file)
        os.replace(result + ".part", result)
    finally:
        os._exit(0)


def prepare(package: str) -> None:
    """Import what programs of the package import, so that forked processes need not."""
    importlib.import_module("numpy")
    if package == "torch":
        load_torch()
    elif package != "numpy":
        importlib.import_module("tensorflow")
    importlib.import_module(package)


def main(package: str, *rest: str, say: Callable[[str], None] = print) -> int:
    """Count, or show the programs whose name contains a word."""
    prepare(package)
    counts = {"programs": 0, "run": 0, "raise as shown": 0, "do not run": 0, "values shown": 0, "arrays assigned": 0}
    for program in programs(package):
        if rest and rest[-1] not in program.name:
            continue
        outcome = run(program)
        counts["programs"] += 1
        if outcome.ran:
            counts["run"] += 1
            counts["values shown"] += len(program.printed)
            counts["arrays assigned"] += len(outcome.shapes)
        elif program.raises is not None:
            counts["raise as shown"] += 1
        else:
            counts["do not run"] += 1
        if rest:
            say(f"--- {program.name}\n{program.source}\n{outcome}")
        elif not outcome.ran and program.raises is None:
            say(f"{program.name}: {outcome.exception}: {outcome.message.partition(chr(10))[0][:100]}")
    say(", ".join(f"{value} {key}" for key, value in counts.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
