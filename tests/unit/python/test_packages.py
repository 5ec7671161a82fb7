"""What the sources of released packages do: nothing is said of it, and what comes out of it is known."""

from __future__ import annotations

import pytest

from foreshape.interpret.analyze import Analysis, analyze_file
from foreshape.source.files import source_from_text
from foreshape.source.targets import Targets

QUIET = """\
class Ensemble:
    def __init__(self, inner):
        self.inner = inner
    @property
    def shift(self):
        if self.inner is None:
            return 0
        return self.inner.shift
    def steps(self, n):
        if self.inner is None:
            return n
        longest = self.inner.lags - self.shift
        return longest + self.inner.length
---
class Registry:
    mapping = None
    @classmethod
    def add(cls, key):
        cls.mapping.register(key)
---
def attributions(future, past, sizes):
    where = {"past": 0}
    found = None
    if future is not None:
        where["future"] = 1
        found = sizes(future)
    if "future" in where:
        found[0] = 1
    return where
attributions(open("a").read() or None, 1, list)
---
import functools
def repeated(method):
    @functools.wraps(method)
    def run(self, *args, **kwargs):
        return method(self, *args, **kwargs)
    return run
class Base:
    def __init__(self, encoders=None):
        self.encoders = encoders
class Middle(Base):
    @repeated
    def __init__(self, model):
        super().__init__(encoders=None)
        self.model = model
class Last(Middle):
    @repeated
    def __init__(self, model):
        super().__init__(model=model)
Last(3).encoders
---
class Reader:
    def __init__(self, lines):
        self.columns = {}
        self.lines = lines
    def one(self, line):
        self.columns[line] = 1
    two = three = four = five = six = lambda self, line: None
    def read(self):
        ways = {"a": self.one, "b": self.two, "c": self.three, "d": self.four, "e": self.five, "f": self.six}
        for line in self.lines:
            ways[line](line)
        assert self.columns, "nothing was read"
Reader(open("names.txt")).read()
---
import functools
@functools.singledispatch
def encoded(value):
    raise ValueError(value)
@encoded.register(dict)
def _(value):
    return {key: encoded(entry) for key, entry in value.items()}
encoded({"a": 3})
---
from dataclasses import dataclass
@dataclass
class Sample:
    past: object = None
    future: object = None
def load(shapes):
    return Sample(**{name: [shape] for name, shape in shapes.items()})
load({line: 1 for line in open("shapes.txt")}).past.append(3)
---
class Dataset(dict):
    def __init__(self, **entries):
        self.data = None
        dict.__init__(self, entries)
        self.__dict__ = self
rows = Dataset(data=[1, 2]).data[0]
---
class Options:
    size = None
    def __init__(self, **given):
        self.__dict__.update(given)
Options(size=[3]).size[0]
---
from somewhere import *
class Metric:
    def __init__(self, function, axis=None):
        store("function,axis")
        self.name = self.function.__name__
Metric(print)
---
class Ring:
    def __init__(self):
        self.length = 0
    def append(self, item):
        self.length += 1
class Memory:
    def __init__(self):
        self.ring = Ring()
    def sample(self):
        import numpy as np
        return np.random.randint(0, self.ring.length)
---
def gathered(batches, model):
    results = None
    for batch in batches:
        outputs = model(batch)
        if len(outputs) > 3:
            outputs = [1]
        if results is None:
            results = [[] for _ in range(len(outputs))]
        for place, output in enumerate(outputs):
            results[place].append(output)
    return [found[0] for found in results]
gathered(open("a"), open("b").read)
---
import torch
from torch import nn
class Block(nn.Module):
    def __init__(self, dim: int, ratio: float):
        super().__init__()
        self.wide = nn.Linear(dim, dim * ratio)
"""
SHAPES = """\
import numpy as np
class Wrapped:
    def __init__(self, name):
        self.name = "_" + name
    def __get__(self, owner, kind):
        return getattr(owner, self.name)
    def __set__(self, owner, value):
        setattr(owner, self.name, np.asarray(value)[None])
class Model:
    design = Wrapped("design")
    def __init__(self):
        self.design = np.zeros((2, 3))
shown = Model().design  # (1, 2, 3)
---
import inspect
import numpy as np
def threads(function):
    def run(*args, **kwargs):
        names = list(inspect.signature(function).parameters)
        count = args[names.index("jobs")] if "jobs" in names else 1
        return function(*args, **kwargs)[:count]
    return run
@threads
def scores(data, jobs):
    return data
shown = scores(np.zeros((9, 4)), 2)  # (2, 4)
---
import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import check_random_state
class Common:
    def noise(self, shape):
        return check_random_state(3).normal(size=shape)
class Shift(TransformerMixin, BaseEstimator, Common):
    def fit(self, X, y=None):
        self.mean_ = X.mean(axis=0)
        return self
    def transform(self, X):
        return np.vstack([X - self.mean_, self.noise((2, X.shape[1]))])
shown = Shift().fit_transform(np.zeros((7, 3)))  # (9, 3)
---
import numpy as np
import scipy.linalg
lower = scipy.linalg.cholesky(np.eye(4), lower=True)
shown = scipy.linalg.solve_triangular(lower, np.ones((4, 2)), lower=True)  # (4, 2)
---
import torch
from torch.utils.checkpoint import checkpoint
shown = checkpoint(torch.nn.Linear(3, 5), torch.zeros(2, 3), use_reentrant=False)  # (2, 5)
---
import tensorflow as tf
parts = {"a": tf.zeros((2, 3)), "b": (tf.ones(4), tf.ones(5))}
shown = tf.nest.pack_sequence_as(parts, [part[None] for part in tf.nest.flatten(parts)])["b"][1]  # (1, 5)
"""


def check(program: str) -> Analysis:
    return analyze_file(source_from_text("program.py", program), Targets())


@pytest.mark.parametrize("program", QUIET.split("---\n"))
def test_nothing_is_said(program: str) -> None:
    assert [(finding.fault.name, finding.span.line) for finding in check(program).findings] == []


@pytest.mark.parametrize("program", SHAPES.split("---\n"))
def test_shapes(program: str) -> None:
    found = check(program)
    assert found.findings == []
    wanted = program.rpartition("# ")[2].strip()
    shown = next(entry for entry in found.assigned if entry.name == "shown")
    assert str(getattr(shown.values[0], "shape", None)) == wanted


def test_an_attribute_that_nobody_stores_is_missing() -> None:
    found = check(
        "class A:\n    def __init__(self, units, n):\n        self.n = int(n)\n    def go(self):\n"
        "        return self.units\nA(3, 4).go()\n"
    )
    assert [finding.fault.name for finding in found.findings] == ["missing-attribute"]


def test_labels_for_one_of_two_outputs_need_a_loss_for_one() -> None:
    head = (
        "import numpy as np\nimport keras\ni = keras.Input((2,))\nx = keras.layers.Dense(3)(i)\n"
        "m = keras.Model(i, [x, keras.layers.Dense(3)(x)])\n"
    )
    fit = "m.fit(np.ones((32, 2)), np.ones((32, 3)))\n"
    assert check(head + 'm.compile(loss=["mse", None])\n' + fit).findings == []
    assert check(head + 'm.compile(loss=["mse", "mse"])\n' + fit).findings != []
