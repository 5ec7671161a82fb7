"""How much a layer may change images at random: the factors of its constructor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Const, DictValue, Instance, Sequence, Value, is_none
from foreshape.semantics.keras.config import invalid, repr_value
from foreshape.semantics.keras.layers.image_tables import NONE_IS_ZERO

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def numbers_of(value: Value) -> list[float | None] | None:
    """The numbers of a factor: one, or those of a tuple; None inside where one is not known."""
    if isinstance(value, Sequence):
        items = value.contents.items()
        if items is None:
            return None
        return [number_of(item) for item in items]
    return [number_of(value)]


def number_of(value: Value) -> float | None:
    held = value.value if isinstance(value, Const) else None
    return held if isinstance(held, (int, float)) and not isinstance(held, bool) else None


def check_factor(cx: Context, layer: Instance, kind: str, name: str, value: Value, low: float, high: float) -> None:
    if is_none(value):
        if kind in NONE_IS_ZERO or (name in ("width_factor", "y_factor", "x_factor") and kind != "RandomTranslation"):
            return
        numbers: list[float | None] = []
    elif isinstance(value, (Const, Sequence)):
        found = numbers_of(value)
        if found is None:
            return
        numbers = found
    elif isinstance(value, DictValue):
        numbers = []
    else:
        return
    bad = not numbers or (isinstance(value, Sequence) and len(numbers) != 2)
    if isinstance(value, Const) and numbers and numbers[0] is None:
        bad = True
    known = [number for number in numbers if number is not None]
    if not bad and len(known) == len(numbers):
        if kind in ("RandomTranslation", "RandomShear", "RandomZoom"):
            bad = any(number > high or number < low for number in known)
            bad = bad or (kind == "RandomZoom" and any(number <= low for number in known))
        else:
            bad = known[0] > high or known[-1] < low
    if not bad:
        return
    if kind == "RandomGrayscale":
        message = f"`factor` should be between 0 and 1. Received: factor={repr_value(value)}"
    else:
        shown = name if not known or kind not in ("RandomTranslation", "RandomZoom") else "input_number"
        message = (
            f"The `{name if name.startswith('height') else 'factor'}` argument should be a number (or a list of two "
            f"numbers) in the range [{low}, {high}]. Received: {shown}={repr_value(value)}"
        )
    raise invalid(cx, "ValueError", message, name, value)


def check_range(cx: Context, value: Value | None) -> None:
    if value is None:
        return
    items = value.contents.items() if isinstance(value, Sequence) else None
    if isinstance(value, Const) or (items is not None and len(items) != 2):
        message = (
            f"The `value_range` argument should be a list of two numbers. Received: value_range={repr_value(value)}"
        )
        raise invalid(cx, "ValueError", message, "value_range", value)


def check_factor_keras2(cx: Context, kind: str, name: str, value: Value) -> None:
    found = numbers_of(value)
    if kind == "RandomBrightness":
        check_brightness(cx, name, value, found)
        return
    if isinstance(value, Const) and found == [None]:
        given = type(value.value).__name__
        text = (
            f"'<' not supported between instances of '{given}' and 'float'" if kind == "RandomContrast"
            else f"bad operand type for unary -: '{given}'"
        )  # fmt: skip
        raise invalid(cx, "TypeError", text, name, value)
    if found is None or len(found) > 2 or any(number is None for number in found):
        return
    known = [number for number in found if number is not None]
    low, high = (known[0], known[1]) if len(known) == 2 else (-known[0], known[0])
    text = ""
    if kind == "RandomContrast":
        if len(known) == 1:
            low = high
        if low < 0 or high < 0 or low > 1:
            text = "`factor` argument cannot have negative values or values greater than 1."
    elif high < low and kind != "RandomZoom":
        text = f"`{name}` argument cannot have an upper bound less than the lower bound."
    elif kind in ("RandomTranslation", "RandomZoom") and (abs(low) > 1 or abs(high) > 1):
        if name == "height_factor" or kind == "RandomTranslation":
            text = f"`{name}` argument must have values between [-1, 1]."
        elif low < -1 or high < -1:
            text = f"`{name}` argument must have values larger than -1."
    elif kind in ("RandomHeight", "RandomWidth") and (low < -1 or high < -1):
        text = f"`{name}` argument must have values larger than -1."
    if text:
        raise invalid(cx, "ValueError", f"{text} Received: {name}={repr_value(value)}", name, value)


def check_brightness(cx: Context, name: str, value: Value, found: list[float | None] | None) -> None:
    bad = found is None and isinstance(value, Const)
    if found is not None and isinstance(value, (Const, Sequence)):
        known = [number for number in found if number is not None]
        bad = any(abs(number) > 1 for number in known) or (isinstance(value, Sequence) and len(found) != 2)
        bad = bad or (isinstance(value, Const) and not known)
    if bad:
        message = (
            "The `factor` argument should be a number (or a list of two numbers) in the range [-1.0, 1.0]. "
            f"Got {repr_value(value)}"
        )
        raise invalid(cx, "ValueError", message, name, value)
