"""``random``, ``secrets``, ``uuid`` and ``hashlib``: values are not known, types and bounds are.

Source: https://docs.python.org/3/library/random.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import DimLike, lower
from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Int,
    RangeValue,
    Sequence,
    Typed,
    Value,
    as_dim,
    as_int,
    const,
    int_value,
    is_none,
    none,
)
from foreshape.semantics.protocol import Context
from foreshape.semantics.python.errors import index_error, type_error, value_error
from foreshape.semantics.python.stdlib.plain import attributes, results
from foreshape.semantics.python.tools import any_element, as_float, elements_or_unknown, shuffled, type_name
from foreshape.semantics.registry import library_types, rule

library_types((
    ("random.Random", ("builtins.object",)),
    ("random.SystemRandom", ("random.Random",)),
    ("uuid.UUID", ("builtins.object",)),
    ("hashlib.hash", ("builtins.object",)),
))  # fmt: skip


def both(name: str) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Register a function of the module and the method of ``Random`` of the same name."""

    def register(function: Callable[..., Value]) -> Callable[..., Value]:
        rule(f"random.{name}", doc=f"https://docs.python.org/3/library/random.html#random.{name}")(function)

        @rule(f"random.Random.{name}")
        def method(cx: Context, self: Value, *args: Value, **kwargs: Value) -> Value:
            return cx.rule(f"random.{name}", *args, **kwargs)

        return function

    return register


def between(cx: Context, low: DimLike | None, high: DimLike | None) -> Value:
    """Some int between two bounds: a size of its own where it cannot be negative."""
    bottom = None if low is None else lower(low, cx.facts)
    if low is None or bottom is None or bottom < 0:
        return Typed("int", lo=low, hi=high)
    if isinstance(low, int) and low == high:
        return const(low)
    return int_value(cx.fresh(None, lo=bottom, hi=high, varying=True, chance=True))


@both("randint")
def randint(cx: Context, a: Value, b: Value) -> Value:
    """An int from a to b, both included. ValueError for an empty range."""
    low, high = as_dim(a), as_dim(b)
    if isinstance(low, int) and isinstance(high, int) and low > high:
        message = f"empty range for randrange() ({low}, {high + 1}, {high - low + 1})"
        import sys

        if sys.version_info >= (3, 12):
            message = f"empty range in randrange({low}, {high + 1})"
        raise value_error(message, "random.randint", a, b, recover=Typed("int"))
    return between(cx, low, high)


@both("randrange")
def randrange(cx: Context, start: Value, stop: Value | None = None, step: Value | None = None) -> Value:
    """An int of ``range(start, stop, step)``."""
    if stop is None or is_none(stop):
        high = as_dim(start)
        return between(cx, 0, None if high is None else high - 1)
    high = as_dim(stop)
    return between(cx, as_dim(start), None if high is None else high - 1)


@both("random")
def random(cx: Context) -> Value:
    """A float in [0, 1)."""
    return Typed("float", lo=0, hi=1)


@both("uniform")
def uniform(cx: Context, a: Value, b: Value) -> Value:
    """A float between a and b."""
    low, high = as_float(a), as_float(b)
    if low is None or high is None:
        return Typed("float")
    return Typed("float", lo=min(low, high), hi=max(low, high))


def _population(cx: Context, seq: Value, operation: str) -> Contents:
    if isinstance(seq, DictValue):
        size = cx.length(seq)
        return Contents((Run(size if size is not None else cx.fresh(None, lo=0), cx.unknown("some entry")),))
    return elements_or_unknown(cx, seq, operation)


@both("choice")
def choice(cx: Context, seq: Value) -> Value:
    """Some element. IndexError of an empty sequence, TypeError of a set."""
    if isinstance(seq, Sequence) and seq.kind in ("set", "frozenset"):
        message = f"'{seq.kind}' object is not subscriptable"
        recover = any_element(cx, seq.contents)
        raise type_error(message, "random.choice", seq, types=(seq.kind,), recover=recover)
    if isinstance(seq, Array):
        return cx.get_item(seq, int_value(cx.fresh(None, lo=0, varying=True))) if seq.rank else cx.unknown("an element")
    if isinstance(seq, RangeValue) and isinstance(seq.start, int):
        return between(cx, seq.start if seq.step > 0 else None, seq.stop - 1 if seq.step > 0 else seq.start)
    contents = _population(cx, seq, "random.choice")
    if not cx.at_least(contents.length, 1):
        message = "Cannot choose from an empty sequence"
        raise index_error(message, "random.choice", 0, 0, seq, recover=cx.unknown("there is none"))
    return any_element(cx, contents)


@both("choices")
def choices(
    cx: Context,
    population: Value,
    weights: Value | None = None,
    *,
    cum_weights: Value | None = None,
    k: Value | None = None,
) -> Value:
    """A list of k elements."""
    count = const(1) if k is None else k
    size = cx.dim(count, lo=0)
    contents = _population(cx, population, "random.choices")
    element = any_element(cx, contents)
    return Sequence("list", Contents((Run(size if size is not None else cx.fresh(None, lo=0), element),)))


@both("sample")
def sample(cx: Context, population: Value, k: Value, *, counts: Value | None = None) -> Value:
    """A list of k different elements. ValueError where there are fewer."""
    size = cx.dim(k, lo=0)
    if isinstance(population, RangeValue):
        element = choice(cx, population)
        contents = Contents((Run(_length(cx, population), element),))
    else:
        contents = _population(cx, population, "random.sample")
        element = any_element(cx, contents)
    made = Sequence("list", Contents((Run(size if size is not None else cx.fresh(None, lo=0), element),)))
    if counts is None and size is not None and not cx.at_least(contents.length, size):
        message = "Sample larger than population or is negative"
        raise value_error(message, "random.sample", population, k, recover=made)
    return made


def _length(cx: Context, population: Value) -> DimLike:
    found = cx.length(population)
    return 0 if found is None else found


@both("shuffle")
def shuffle(cx: Context, x: Value) -> Value:
    """In place; returns None. TypeError for what does not change."""
    if isinstance(x, Sequence) and x.kind == "list":
        cx.set(x, "contents", shuffled(cx, x.contents))
    elif isinstance(x, Sequence) or (isinstance(x, Const) and isinstance(x.value, str)):
        shown = type_name(x) or ""
        size = cx.length(x)
        message = f"'{shown}' object does not support item assignment"
        if shown.startswith("dict_"):
            message = f"'{shown}' object is not subscriptable"
        if size is not None and (lower(size, cx.facts) or 0) >= 2 and shown in ("tuple", "str", "range", "dict_keys"):
            raise type_error(message, "random.shuffle", x, types=(shown,), recover=none())
    return none()


def _floats(name: str, low: Any = None) -> None:
    @both(name)
    def function(cx: Context, *args: Value, **kwargs: Value) -> Value:
        return Typed("float", lo=low)


for _name, _low in (
    ("gauss", None), ("normalvariate", None), ("betavariate", 0), ("expovariate", 0), ("gammavariate", 0),
    ("triangular", None), ("lognormvariate", 0), ("vonmisesvariate", None), ("paretovariate", 0),
    ("weibullvariate", 0),
):  # fmt: skip
    _floats(_name, _low)


@both("getrandbits")
def getrandbits(cx: Context, k: Value) -> Value:
    """An int of k bits."""
    bits = as_int(k)
    return Typed("int", lo=0, hi=None if bits is None else 2**bits - 1)


@both("randbytes")
def randbytes(cx: Context, n: Value) -> Value:
    """Some bytes."""
    return Typed("bytes")


@both("seed")
def seed(cx: Context, a: Value | None = None, version: Value | None = None) -> Value:
    """Nothing comes back."""
    return none()


@both("getstate")
def getstate(cx: Context) -> Value:
    """Something opaque."""
    return cx.unknown("the state of the generator")


@both("setstate")
def setstate(cx: Context, state: Value) -> Value:
    """Nothing comes back."""
    return none()


results(
    "secrets",
    {
        "token_hex token_urlsafe": "str",
        "token_bytes": "bytes",
        "randbelow randbits": "int>=0",
        "choice": "unknown:some element",
    },
)
results("uuid", {"uuid1 uuid3 uuid4 uuid5": "object:uuid.UUID"})
attributes("uuid.UUID", {"hex urn": "str", "int": "int", "bytes": "bytes"})
results(
    "hashlib",
    {
        "md5 sha1 sha224 sha256 sha384 sha512 blake2b blake2s sha3_256 sha3_512 new": "object:hashlib.hash",
    },
)
results("hashlib.hash", {"update": "none", "hexdigest": "str", "digest": "bytes", "copy": "object:hashlib.hash"})
attributes("hashlib.hash", {"digest_size block_size": "int", "name": "str"})

__all__ = ["Int", "between", "both"]
