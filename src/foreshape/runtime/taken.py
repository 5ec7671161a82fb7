"""What ``fit`` of Keras takes at all, whatever its shape. Keras itself is asked where it is not plain."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from foreshape.runtime.facts import Fact

MOST = 6
"""A list of more arrays holds samples, which is another fault."""

SCALARS = (int, float, complex, str, bytes)


def refused_types(three: bool, x: Any, y: Any) -> list[Fact]:
    """Inputs or labels that ``fit`` refuses for their type: lists of numbers, ranges, tuples. three: Keras 3, which takes none of
    them; Keras 2 takes lists where both are lists."""
    refused = _three(x, y) if three else _two(x, y)
    return [_fact(three, name, value, exception) for name, value, exception in refused]


def labels_fact(three: bool, outputs: int, names: list[str], structured: bool, y: Any) -> list[Fact]:
    """Labels that Keras cannot pair with the outputs of a model. three: Keras 3. outputs: how many. names: of the outputs, none where
    they are in a dict. structured: the loss is a list or a dict."""
    if isinstance(y, dict):
        return _by_name(three, names, structured, y)
    several = isinstance(y, (list, tuple))
    if several and not all(getattr(each, "shape", None) for each in y):
        return []
    count = len(y) if several else 1
    if count == outputs or count > MOST or not (several or hasattr(y, "shape")):
        return []
    if not three and (outputs == 1 or not several):
        return []  # Keras 2 makes one array of the list, and holds one array against every output
    have = f"a {type(y).__name__} of {count} array{'' if count == 1 else 's'}" if several else "one array"
    fact = Fact(
        "label-shape",
        f"the model has {outputs} output{'' if outputs == 1 else 's'}, but y is {have}",
        exception="KeyError" if three and not structured and count < outputs else "ValueError",
        change="Give one array of labels for each output, in their order.",
    )
    return [fact]


def _by_name(three: bool, names: list[str], structured: bool, y: dict[Any, Any]) -> list[Fact]:
    """Labels in a dict: Keras 3 wants all outputs of several and no others, Keras 2 only no others."""
    if not names or not y:
        return []
    if three and len(names) == 1:
        fact = Fact(
            "label-shape",
            "the model has a single output, but y is a dict, which Keras 3 does not look into then",
            exception="TypeError",
            change=f"Hand over the array itself: y[{next(iter(y))!r}].",
        )
        return [fact]
    lacking = [each for each in names if each not in y]
    if all(each in names for each in y) and not (three and lacking):
        return []
    exception = "ValueError"
    if three and lacking and len(y) <= len(names):
        exception = "TypeError" if len(y) == len(names) else "ValueError" if structured else "KeyError"
    fact = Fact(
        "label-shape",
        f"the outputs of the model are {_listed(names)}, but y has {_listed(y)}",
        exception=exception,
        change="Give one array of labels for each output, under the name of the layer that makes it.",
    )
    return [fact]


def _listed(names: Iterable[Any]) -> str:
    """ "'a', 'b' and 'c'"."""
    *first, last = map(repr, names)
    return f"{', '.join(first)} and {last}" if first else last


def text_fact(name: str, array: Any) -> Fact:
    """Text in an array of NumPy or a frame, for a model of Keras 3 that reads text."""
    return Fact(
        "unsupported-data",
        f"{name} is text in an array of {array.dtype}, which fit of Keras 3 does not take",
        exception="ValueError",
        change=f"Text goes in as a tensor: tf.constant({name}), or in a tf.data.Dataset.",
    )


def _fact(three: bool, name: str, value: Any, exception: str) -> Fact:
    leaf = _first_leaf(value)
    nested = isinstance(value, (list, tuple)) and bool(value) and isinstance(value[0], (list, tuple))
    of = f" of {type(value[0]).__name__}s" if nested else " of numbers" if isinstance(leaf, (int, float)) else ""
    beside = "" if three else " beside an array"
    change = f"Make an array of it first: {name} = np.array({name})."
    if isinstance(leaf, (str, bytes)):
        change = "Encode the text first, with a vocabulary or a TextVectorization layer, and make an array of it."
    return Fact(
        "unsupported-data",
        f"{name} is a {type(value).__name__}{of}, which fit of Keras {'3' if three else '2'} does not take{beside}",
        exception=exception,
        change=change,
    )


def _three(x: Any, y: Any) -> list[tuple[str, Any, str]]:
    try:
        from keras.src.trainers.data_adapters.array_data_adapter import can_convert_arrays
    except ImportError:
        return []
    found = []
    for name, value in (("x", x), ("y", y)):
        leaf = _first_leaf(value)
        if value is None or isinstance(leaf, SCALARS) or not can_convert_arrays(value):
            if value is not None:
                found.append((name, value, "ValueError"))
        elif isinstance(value, (list, tuple)) and getattr(leaf, "shape", None) == ():
            found.append((name, value, "IndexError"))
    return found


def _two(x: Any, y: Any) -> list[tuple[str, Any, str]]:
    listed = [_is_scalars(each) for each in (x, y)]
    if listed[0] and (listed[1] or y is None):
        return []
    if not any(listed):
        try:
            from tf_keras.src.engine.data_adapter import select_data_adapter

            select_data_adapter(x, y)
            return []
        except (ImportError, RuntimeError):
            return []
        except ValueError:
            pass
    odd = [
        (name, value, "ValueError")
        for name, value, bad in (("x", x, listed[0]), ("y", y, listed[1]))
        if bad
        or (not any(listed) and value is not None and not hasattr(value, "dtype") and not hasattr(value, "dtypes"))
    ]
    return odd[:1]


def _is_scalars(value: Any) -> bool:
    """A list of numbers, or of lists of them, as Keras 2 looks at it: by its first element."""
    return isinstance(value, list) and isinstance(_first_leaf(value), SCALARS)


def _first_leaf(value: Any) -> Any:
    while isinstance(value, (list, tuple, dict)) and value:
        value = next(iter(value.values())) if isinstance(value, dict) else value[0]
    return value
