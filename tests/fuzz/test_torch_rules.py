"""No rule of PyTorch fails itself, whatever it is given: tensors of every rank and dtype, unknown ones among them, and what
was never meant for it.

``python -m tests.fuzz.test_torch_rules [SEED] [TIMES]`` tries other arguments.
"""

from __future__ import annotations

import ast
import random
import re
import sys
from collections.abc import Callable

from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import var
from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Int,
    LibraryRef,
    Scope,
    Sequence,
    Typed,
    Unknown,
    Value,
)
from foreshape.interpret.analyze import Interpreter
from foreshape.interpret.flow import Frame
from foreshape.semantics.registry import REGISTRY, Rule
from foreshape.source.files import source_from_text
from foreshape.source.targets import Targets

FUNCTIONS = re.compile(
    r"torch\.(Tensor\.|linalg\.|fft\.|special\.|masked\.|signal\.windows\.|nn\.functional\.|nn\.init\.)?[a-z]\w*$"
)
DTYPES = ("float32", "int64", "bool", "complex64", "float16", "float64", None)
SOURCE = source_from_text("f.py", "f(x)\n")
NODE = ast.parse("f(x)").body[0].value  # type: ignore[attr-defined]


def several(*values: Value, kind: str = "tuple") -> Sequence:
    return Sequence(kind, Contents(values))


def tensor(draw: random.Random) -> Array:
    n, t = var("n"), var("t")
    shapes = (
        None,
        (),
        (3,),
        (n,),
        (3, 4),
        (n, 3),
        (n, t),
        (2, 3, 4),
        (n, t, 3),
        (0,),
        (n, 0),
        (1, 1),
        (2, 3, 4, 5),
        (n, 4, 4),
    )
    return Array("torch", draw.choice(shapes), draw.choice(DTYPES))


def others() -> tuple[Callable[[], Value], ...]:
    """What else may be given."""
    n = var("n")
    return (
        lambda: Array("torch", (3,), "int64", data=(0, 1, 2), lo=0, hi=2),
        lambda: Array("torch", (), "int64", data=(2,)),
        lambda: Array("numpy", (3, 4), "float64"),
        lambda: Unknown("it is not known"),
        lambda: Int(n),
        lambda: several(Const(0), Const(1)),
        lambda: several(Const(1), Typed("int")),
        lambda: several(Array("torch", (3,), "float32"), Array("torch", (n,), "float32")),
        lambda: Sequence("list", Contents((Run(n, Const(1)),))),
        lambda: several(kind="list"),
        lambda: DictValue({}),
        *(lambda value=value: Const(value) for value in (None, 0, 1, 2, -1, -2, 5, 0.5, True, False, "mean", 1j)),
        *(lambda kind=kind: Typed(kind) for kind in ("int", "float", "bool", "str")),
        *(lambda name=name: LibraryRef(name) for name in ("torch.float32", "torch.int64", "numpy.float32")),
    )


OTHERS = others()


def anything(draw: random.Random) -> Value:
    return tensor(draw) if draw.random() < 0.4 else draw.choice(OTHERS)()


def tried(rule: Rule, draw: random.Random) -> tuple[str, ...]:
    """What went wrong inside of the rule in one call."""
    signature = rule.signature()
    needed = sum(1 for name in signature.required if name in signature.positional)
    args: list[Value] = [anything(draw) for _ in range(draw.randint(needed, max(needed, len(signature.positional))))]
    kwargs = {
        name: anything(draw) for name in signature.keyword_only if name in signature.required or draw.random() < 0.2
    }
    if rule.name.startswith("torch.Tensor.") and args:
        args[0] = tensor(draw)
    interpreter = Interpreter(Targets())
    interpreter.sources["f.py"] = SOURCE
    interpreter.frames.append(Frame("f.py", Scope("module", "f.py")))
    interpreter.node = NODE
    interpreter.apply(rule, args, kwargs)
    return tuple(f"{failed} given {args} {kwargs}" for failed in interpreter.internal)


def failures(seed: int, times: int) -> list[str]:
    REGISTRY.load("torch")
    draw = random.Random(seed)
    found: list[str] = []
    for name in sorted(REGISTRY.rules):
        for rule in REGISTRY.rules[name]:
            if FUNCTIONS.match(name) and rule.kind == "function":
                found.extend(failed for _ in range(times) for failed in tried(rule, draw))
    return found


def test_no_rule_fails() -> None:
    assert failures(0, 12) == []


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    print(*failures(*(given + [0, 40][len(given) :])), sep="\n")
