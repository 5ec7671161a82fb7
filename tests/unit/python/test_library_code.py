"""Code of libraries: what others fill, derive from or decorate is not known, and packages that only collect are not read whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from foreshape.interpret.analyze import Analysis, analyze_file
from foreshape.source.files import read_source
from foreshape.source.imports import ImportResolver, SourceCache
from foreshape.source.targets import Targets

QUIET = """\
class Mode:
    def __init__(self):
        self.stack = []
    def enter(self):
        self.stack.append(True)
    def leave(self):
        return self.stack.pop()
---
class Pairs:
    def __init__(self):
        self.images = []
    def first(self, index):
        return self.images[index][0]
---
class Base:
    @classmethod
    def run(cls, name):
        made = cls(name)
        return made.size
    def __init__(self, name):
        self.name = name
---
from somewhere import kernel
class Gemm:
    @kernel
    def body(self, x):
        print(x)
    def run(self, x):
        self.body(x).launch(grid=1)
---
def sizes(output_size: int = 1):
    return len(output_size), output_size.shape, sum(output_size)
---
from somewhere import Q
def options(n):
    if n == 1:
        return [None]
    raise ValueError("no")
options(Q)
x = 1
---
import functools
KNOWN = {}
def register(function):
    if function.__name__ in KNOWN:
        raise ValueError(function.__name__)
    KNOWN[function.__name__] = function
    return function
def logged(function):
    @functools.wraps(function)
    def wrapper(*args):
        return function(*args)
    return wrapper
@register
@logged
def one():
    return 1
@register
@logged
def two():
    return 2
---
import dataclasses
class Mixin:
    cached: int
@dataclasses.dataclass
class Split(Mixin):
    parts: list
Split([1])
---
import argparse
from somewhere import command
def main(args):
    return args.strategy
@command
def run(**kwargs):
    main(argparse.Namespace(**kwargs))
run()
---
from somewhere import TextEnum
class Status(TextEnum):
    DONE = "done"
    @property
    def stopped(self):
        return self is self.DONE
Status.DONE.stopped
---
class Config:
    pass
Maybe = Config | None
---
def named(**kwargs):
    if "name" in kwargs:
        return kwargs["name"]
def find(**kwargs):
    return named(**kwargs).find("_")
---
data = bytearray(4)
data.extend(b"abc")
---
import torch
from somewhere import levels
torch.quantile(torch.zeros(2, 3, 4, 5), levels, dim=-1).permute(1, 2, 3, 0)
"""


def check(path: Path) -> Analysis:
    return analyze_file(read_source(str(path)), Targets(), ImportResolver(str(path), (), SourceCache()))


@pytest.mark.parametrize("program", QUIET.split("---\n"))
def test_nothing_is_said(program: str, tmp_path: Path) -> None:
    (tmp_path / "library.py").write_text(program)
    found = check(tmp_path / "library.py")
    assert [(finding.fault.name, finding.span.line) for finding in found.findings] == []


def test_certain_faults_are_still_said(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        "class A:\n    sizes = [1, 2]\n    def f(self):\n        x = [1, 2]\n        return x[2]\n"
    )
    assert [finding.fault.name for finding in check(tmp_path / "a.py").findings] == ["index-range"]


def test_a_package_that_collects_is_read_by_need(tmp_path: Path) -> None:
    package = tmp_path / "pack"
    package.mkdir()
    names = [f"part{number}" for number in range(12)]
    for number, name in enumerate(names):
        (package / f"{name}.py").write_text(
            f"import numpy as np\n\ndef make_{name}():\n    return np.zeros(({number}, 2))\n"
        )
    lines = [f"from .{name} import make_{name}\n" for name in names[:9]] + [
        f"from .{name} import *\n" for name in names[9:]
    ]
    (package / "__init__.py").write_text("".join(lines))
    (tmp_path / "main.py").write_text(
        "from pack import make_part3\nimport pack\na = make_part3()\nb = pack.make_part11()\nc = pack.make_part4()\n"
    )
    found = check(tmp_path / "main.py")
    shapes = {
        entry.name: getattr(entry.values[0], "shape", None)
        for entry in found.assigned
        if entry.path.endswith("main.py")
    }
    assert shapes == {"a": (3, 2), "b": (11, 2), "c": (4, 2)}
    read = {Path(path).name for path in found.sources}
    assert read == {"main.py", "__init__.py", "part3.py", "part4.py", "part11.py"}


def test_imports_have_a_budget(tmp_path: Path) -> None:
    (tmp_path / "busy.py").write_text(
        "import numpy as np\nfound = 0\ndef f(n):\n    return n if n < 1 else f(n - 1) + f(n - 2)\nfor k in range(60):\n"
        "    for m in range(60):\n        for j in range(60):\n            found = found + f(12)\nlast = 3\n"
    )
    (tmp_path / "main.py").write_text("import numpy as np\nfrom busy import last\nx = np.zeros((3, 4))\ny = x @ x\n")
    found = check(tmp_path / "main.py")
    assert found.status == "checked"
    assert [finding.fault.name for finding in found.findings] == ["matmul-mismatch"]
