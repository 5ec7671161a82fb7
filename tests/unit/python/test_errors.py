"""Programs that fail for certain: exception, message and line are those of the real run."""

from __future__ import annotations

import pytest

from .harness import Outcome, Real, check_against_python

PROGRAMS = """\
x = [1, 2, 3]
y = x[3]
---
x = [1, 2, 3]
y = x[-4]
---
x = (1, 2)
y = x[2]
---
x = [[1, 2], [3, 4]]
y = x[:, 0]
---
x = [1, 2]
y = x["a"]
---
x = [1, 2]
y = x[1.0]
---
x = (1, 2)
x[0] = 3
---
d = {"a": 1}
y = d["b"]
---
d = {}
del d["x"]
---
d = {1: 2}
d.pop(5)
---
d = {[1]: 2}
---
x = []
x.pop()
---
x = [1, 2]
x.remove(5)
---
x = [1, 2]
y = x.index(5)
---
x = 5
y = len(x)
---
x = None
y = len(x)
---
x = 5
for i in x:
    pass
---
x = [1, 2] + 3
---
x = [1, 2] + (3,)
---
x = 3 + [1]
---
x = "a" + 1
---
x = 1 + "a"
---
x = [1] * 2.5
---
x = "abc"[5]
---
x = "abc"["a"]
---
x = int("abc")
---
x = float("1,5")
---
x = max([])
---
x = min([])
---
x = range(3.0)
---
x = range(10 / 2)
---
x = list(5)
---
x = tuple(None)
---
x = [1, 2, 3].shape
---
x = "abc".foo()
---
x = {"a": 1}.has_key("a")
---
x = {"a": 1}.keys()[0]
---
x = {"a": 1}.values()[0]
---
x = {1, 2}[0]
---
it = iter([1])
next(it)
next(it)
---
x = next([1, 2])
---
x = 1 / 0
---
x = 5 % 0
---
a, b = [1, 2, 3]
---
a, b, c = (1, 2)
---
x = ", ".join([1, 2])
---
x = "".join(["a", None])
---
x = sum(["a", "b"])
---
x = sum([1, "a"])
---
x = sorted([1, "a"])
---
x = max([1, "a"])
---
x = None[0]
---
x = None + 1
---
x = [1] < 3
---
x = "a" < 1
---
import math
x = math.sqrt(-1)
---
import math
x = math.log(0)
---
import math
x = math.sqrt("a")
---
import math
x = math.sqrt([1])
---
import random
x = random.choice([])
---
import random
x = random.sample([1, 2], 3)
---
import os
os.environ["X"] = 1
---
import os
x = os.path.join("a", 1)
---
from collections import deque
q = deque()
q.popleft()
---
from collections import deque
q = deque([1, 2])
y = q[0:1]
---
from functools import reduce
x = reduce(lambda a, b: a + b, [])
---
import json
x = json.loads("{bad}")
---
x = "{} {}".format(1)
---
x = "%d" % "a"
---
x = "%d %d" % (1,)
---
x = int([1])
---
x = dict([1, 2])
---
x = dict([(1, 2, 3)])
---
x = set([[1], [2]])
---
x = {1, 2}
x.remove(5)
---
x = {"a": 1} + {"b": 2}
---
x = {1} + {2}
---
x = 5
x()
---
x = "abc"
x[0] = "b"
---
x = reversed({1, 2})
---
x = abs("a")
---
x = round("a")
---
x = list(zip([1, 2], 5))
---
x = enumerate(5)
for i in x:
    pass
---
x = [1, 2, 3]
x[5] = 1
---
x = [1, 2, 3]
del x[3]
---
x = int(None)
---
x = float(None)
---
def f(n):
    return [1, 2, 3][n]
y = f(2)
z = f(3)
---
x = ["a", "b"]
y = x + "c"
---
x = "c" + ["a"]
---
import argparse
p = argparse.ArgumentParser()
p.add_argument("--lr", default=1.0)
a = p.parse_args([])
y = a.learning_rate
---
x = "abc".split(1)
---
x = [1,2,3]["0"]
---
x = bytes([1])[3]
---
x = chr(-1)
---
x = ord("ab")
---
from collections import namedtuple
P = namedtuple("P", "x y")
p = P(1)
---
from collections import namedtuple
P = namedtuple("P", "x y")
p = P(1, 2)
q = p.z
---
x = [1, 2, 3]
for i in range(len(x)):
    y = x[i + 1]
---
x = slice(1)
y = x[0]
---
from pathlib import Path
x = Path("a") + "b"
---
from pathlib import Path
x = "b" + Path("a")
---
import re
m = re.compile("(")
---
import re
m = re.match("a", 5)
---
import re
m = re.match("a", "b").group(0)
---
x = "abc".index("z")
---
x = [3, 1].sort().pop()
---
x = print("a").foo
---
import copy
x = copy.deepcopy([1])[1]
---
x = (lambda: 1)[0]
---
import itertools
x = list(itertools.chain([1], 2))
---
x = {"a": {"b": 1}}["a"]["c"]
---
data = {"x": [1, 2]}
y = data["x"][2]
---
x = "5" * "3"
---
x = -"a"
---
x = not_defined
---
import math
x = math.factorial(-1)
---
x = divmod(1, 0)
---
x = [1, 2, 3][::0]
---
x = range(1, 5, 0)
---
x = range(3)[5]
---
x = "a".encode("nope")
---
x = [i for i in 5]
---
x = iter(5)
---
x = any(5)
---
x = map(len, 5)
---
x = list(map(len, [1, 2]))
---
x = list(filter(5, [1, 2]))
"""


@pytest.mark.parametrize("source", PROGRAMS.rstrip("\n").split("\n---\n"))
def test_errors(source: str) -> None:
    check_against_python(source + "\n")


CALLS = ("isinstance(1)", "[1, 2].append(1, 2)", "len()", "{}.get()", "sorted()")


@pytest.mark.parametrize("source", CALLS)
def test_calls_that_do_not_bind(source: str) -> None:
    """Built-in functions say it each in their own words; exception and line are right."""
    ours, real = Outcome(source), Real(source)
    assert [f.fault.raises.exception for f in ours.findings if f.fault.raises] == ["TypeError"]
    assert isinstance(real.error, TypeError)


def test_handled() -> None:
    """What a handler catches is no error, and the program goes on in it."""
    source = """\
try:
    x = {"a": 1}["b"]
except KeyError:
    x = 5
try:
    y = [1, 2][7]
except (IndexError, TypeError) as error:
    y = None
z = x, y
"""
    results = check_against_python(source)
    assert results["z"] == "same"
