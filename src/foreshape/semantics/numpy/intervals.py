"""What elementwise functions do to known elements and to the bounds of elements."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any, Final

from foreshape.domain.dim import Dim, dmax, dmin, floordiv, ge, lower
from foreshape.domain.values import Bound

Interval = tuple[Bound, Bound]


def plain(bound: Bound) -> bool:
    return isinstance(bound, (int, float))


def _sum(a: Bound, b: Bound) -> Bound:
    if a is None or b is None:
        return None
    if isinstance(a, float) or isinstance(b, float):
        if isinstance(a, Dim) or isinstance(b, Dim):
            return None
        found = a + b
        return None if found != found else found
    return a + b


def _negated(a: Bound) -> Bound:
    return None if a is None else -a


def add(a: Interval, b: Interval) -> Interval:
    return _sum(a[0], b[0]), _sum(a[1], b[1])


def subtract(a: Interval, b: Interval) -> Interval:
    return _sum(a[0], _negated(b[1])), _sum(a[1], _negated(b[0]))


def negative(a: Interval) -> Interval:
    return _negated(a[1]), _negated(a[0])


def _times(a: Bound, b: Bound) -> Bound:
    if a is None or b is None:
        return None
    if isinstance(a, Dim) and not isinstance(b, float):
        return a * b
    if isinstance(b, Dim) and not isinstance(a, float):
        return b * a
    if isinstance(a, Dim) or isinstance(b, Dim):
        return None
    found = a * b
    return None if found != found else found


def _at_least_zero(a: Bound) -> bool:
    if isinstance(a, Dim):
        low = lower(a)
        return low is not None and low >= 0
    return a is not None and a >= 0


def multiply(a: Interval, b: Interval) -> Interval:
    if _at_least_zero(a[0]) and _at_least_zero(b[0]):
        return _times(a[0], b[0]), _times(a[1], b[1])
    ends = [*a, *b]
    if not all(plain(end) for end in ends):
        return None, None
    products = [_times(x, y) for x in a for y in b]
    if any(p is None for p in products):
        return None, None
    return min(products), max(products)  # type: ignore[type-var]


def divide(a: Interval, b: Interval) -> Interval:
    if not all(plain(end) for end in (*a, *b)):
        return None, None
    low, high = b
    assert isinstance(low, (int, float)) and isinstance(high, (int, float))
    if low <= 0 <= high:
        return None, None
    try:
        found = [x / y for x in a for y in b]  # type: ignore[operator]
    except OverflowError:
        return None, None
    if any(q != q for q in found):
        return None, None
    return min(found), max(found)


def floor_divide(a: Interval, b: Interval) -> Interval:
    if isinstance(b[0], int) and b[0] == b[1] and b[0] > 0 and not any(isinstance(end, float) for end in a):
        by = b[0]
        return (
            None if a[0] is None else floordiv(a[0], by),  # type: ignore[arg-type]
            None if a[1] is None else floordiv(a[1], by),  # type: ignore[arg-type]
        )
    if isinstance(b[0], int) and b[0] > 0 and _at_least_zero(a[0]):
        return 0, a[1]
    return None, None


def remainder(a: Interval, b: Interval) -> Interval:
    """The sign of a remainder is that of the divisor."""
    low = b[0]
    positive = isinstance(low, (int, float)) and low > 0
    if isinstance(low, Dim):
        least = lower(low)
        positive = least is not None and least > 0
    if not positive:
        return None, None
    high = b[1]
    if isinstance(high, (int, Dim)):
        top: Bound = high - 1
        if isinstance(top, int) and isinstance(a[1], int) and _at_least_zero(a[0]):
            top = min(top, a[1])
        return 0, top if not isinstance(a[0], float) and not isinstance(a[1], float) else high
    return 0, high


def maximum(a: Interval, b: Interval) -> Interval:
    return _larger(a[0], b[0], either=True), _larger(a[1], b[1], either=False)


def minimum(a: Interval, b: Interval) -> Interval:
    return _smaller(a[0], b[0], either=False), _smaller(a[1], b[1], either=True)


def _larger(a: Bound, b: Bound, either: bool) -> Bound:
    """The larger bound; one that is not known leaves the other if ``either`` alone is enough."""
    if a is None or b is None:
        return (b if a is None else a) if either else None
    if isinstance(a, Dim) or isinstance(b, Dim):
        return None if isinstance(a, float) or isinstance(b, float) else dmax(a, b)
    return max(a, b)


def _smaller(a: Bound, b: Bound, either: bool) -> Bound:
    if a is None or b is None:
        return (b if a is None else a) if either else None
    if isinstance(a, Dim) or isinstance(b, Dim):
        return None if isinstance(a, float) or isinstance(b, float) else dmin(a, b)
    return min(a, b)


def absolute(a: Interval) -> Interval:
    if _at_least_zero(a[0]):
        return a
    if plain(a[0]) and plain(a[1]):
        low, high = a
        assert isinstance(low, (int, float)) and isinstance(high, (int, float))
        return (0 if high >= 0 else -high), max(-low, high)
    return 0, None


def square(a: Interval) -> Interval:
    return multiply(absolute(a), absolute(a))


def power(a: Interval, b: Interval) -> Interval:
    exponent = b[0]
    if exponent != b[1] or not isinstance(exponent, int) or isinstance(exponent, bool) or not 0 <= exponent <= 8:
        if _at_least_zero(a[0]) and _at_least_zero(b[0]):
            return 0, None
        return None, None
    if exponent % 2 == 0:
        a = absolute(a)
    found: Interval = (1, 1)
    for _ in range(exponent):
        if not _at_least_zero(a[0]) and exponent > 1:
            return None, None
        found = multiply(found, a) if exponent > 1 else a
    return found


def monotone(function: Callable[[float], float]) -> Callable[[Interval], Interval]:
    """Bounds through a function that never falls."""

    def apply(a: Interval) -> Interval:
        ends: list[Bound] = []
        for end in a:
            try:
                ends.append(function(end) if isinstance(end, (int, float)) and not math.isinf(end) else None)
            except (ValueError, OverflowError):
                ends.append(None)
        return ends[0], ends[1]

    return apply


def rounded(function: Callable[[float], int]) -> Callable[[Interval], Interval]:
    """Bounds through floor, ceil, rint or trunc: ints and sizes stay."""
    step = monotone(function)

    def apply(a: Interval) -> Interval:
        low, high = step(a)
        return (a[0] if isinstance(a[0], Dim) else low), (a[1] if isinstance(a[1], Dim) else high)

    return apply


def fixed(low: Bound, high: Bound) -> Callable[..., Interval]:
    """Bounds that hold whatever goes in."""
    return lambda *_: (low, high)


def bitwise_and(a: Interval, b: Interval) -> Interval:
    if _at_least_zero(a[0]) and _at_least_zero(b[0]):
        return 0, _smaller(a[1], b[1], either=True)
    if _at_least_zero(b[0]):
        return 0, b[1]
    return (0, a[1]) if _at_least_zero(a[0]) else (None, None)


def sign(a: Interval) -> Interval:
    low = 0 if _at_least_zero(a[0]) else -1
    return low, 1


def _exp(x: float) -> float:
    return math.exp(x)


INTERVALS: Final[dict[str, Callable[..., Interval]]] = {
    "add": add, "subtract": subtract, "multiply": multiply, "divide": divide, "floor_divide": floor_divide,
    "remainder": remainder, "maximum": maximum, "minimum": minimum, "fmax": maximum, "fmin": minimum,
    "negative": negative, "absolute": absolute, "fabs": absolute, "square": square, "power": power,
    "floor": rounded(math.floor), "ceil": rounded(math.ceil), "rint": rounded(round), "trunc": rounded(math.trunc),
    "sqrt": monotone(math.sqrt), "tanh": fixed(-1, 1), "sin": fixed(-1, 1), "cos": fixed(-1, 1), "sign": sign,
    "exp": lambda a: _widened(monotone(_exp)(a), 0), "exp2": fixed(0, None), "hypot": fixed(0, None),
    "arctan": fixed(-1.5708, 1.5708), "arccos": fixed(0, 3.14159266), "arcsin": fixed(-1.5708, 1.5708),
    "arctan2": fixed(-3.14159275, 3.14159275), "bitwise_and": bitwise_and, "bitwise_count": fixed(0, 64),
    "positive": lambda a: a, "conjugate": lambda a: a, "gcd": fixed(0, None), "lcm": fixed(0, None),
}  # fmt: skip


def _widened(a: Interval, least: float) -> Interval:
    """A little further out, for functions that are not rounded the same everywhere."""
    low = max(a[0] - abs(a[0]) * 1e-9, least) if isinstance(a[0], (int, float)) else least
    high = a[1] + abs(a[1]) * 1e-9 if isinstance(a[1], (int, float)) else None
    return low, high


def _no_sizes(function: Callable[..., Any]) -> Callable[..., Any]:
    """Only plain numbers."""

    def apply(*items: Any) -> Any:
        if any(isinstance(item, Dim) for item in items):
            raise TypeError
        return function(*items)

    return apply


def _compare(name: str) -> Callable[[Any, Any], bool]:
    function: Callable[[Any, Any], bool] = getattr(operator, name)

    def apply(a: Any, b: Any) -> bool:
        if isinstance(a, Dim) or isinstance(b, Dim):
            from foreshape.domain import dim as dims

            truth = getattr(dims, name)(a, b)
            if truth.is_unknown:
                raise TypeError
            return bool(truth.is_yes)
        return function(a, b)

    return apply


def _modulo(a: Any, b: Any) -> Any:
    return a % b


def _larger_item(a: Any, b: Any) -> Any:
    if isinstance(a, Dim) or isinstance(b, Dim):
        return dmax(a, b)
    return a if a != a or not (b != b or b > a) else b


def _smaller_item(a: Any, b: Any) -> Any:
    if isinstance(a, Dim) or isinstance(b, Dim):
        return dmin(a, b)
    return a if a != a or not (b != b or b < a) else b


def _absolute_item(a: Any) -> Any:
    if isinstance(a, Dim):
        if not ge(a, 0).is_yes:
            raise TypeError
        return a
    return abs(a)


ITEMS: Final[dict[str, Callable[..., Any]]] = {
    "add": lambda a, b: a + b, "subtract": lambda a, b: a - b, "multiply": lambda a, b: a * b,
    "divide": _no_sizes(operator.truediv), "floor_divide": lambda a, b: a // b, "remainder": _modulo,
    "power": _no_sizes(operator.pow), "maximum": _larger_item, "minimum": _smaller_item,
    "equal": _compare("eq"), "not_equal": _compare("ne"), "less": _compare("lt"), "less_equal": _compare("le"),
    "greater": _compare("gt"), "greater_equal": _compare("ge"),
    "logical_and": _no_sizes(lambda a, b: bool(a) and bool(b)), "logical_or": _no_sizes(lambda a,
    b: bool(a) or bool(b)),
    "logical_xor": _no_sizes(lambda a, b: bool(a) != bool(b)), "logical_not": _no_sizes(operator.not_),
    "bitwise_and": _no_sizes(operator.and_), "bitwise_or": _no_sizes(operator.or_),
    "bitwise_xor": _no_sizes(operator.xor),
    "left_shift": _no_sizes(operator.lshift), "right_shift": _no_sizes(operator.rshift),
    "negative": lambda a: -a, "positive": lambda a: a, "absolute": _absolute_item, "square": lambda a: a * a,
    "isnan": _no_sizes(lambda a: a != a), "isinf": _no_sizes(math.isinf), "isfinite": _no_sizes(math.isfinite),
    "sign": _no_sizes(lambda a: a if a != a else (a > 0) - (a < 0)), "sqrt": _no_sizes(math.sqrt),
    "floor": _no_sizes(math.floor),
    "ceil": _no_sizes(math.ceil), "trunc": _no_sizes(math.trunc), "rint": _no_sizes(round), "gcd": _no_sizes(math.gcd),
}  # fmt: skip
"""Elements that are known, computed. TypeError where it cannot be told."""
