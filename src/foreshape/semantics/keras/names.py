"""The names that Keras gives to layers: snake case, numbered in the order of their making."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import ClassValue, Instance, Mutable

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def snake_case(name: str) -> str:
    """``MaxPooling2D`` is ``max_pooling2d``: what ``keras.src.utils.naming.to_snake_case`` gives."""
    name = "".join(letter for letter in name if letter.isalnum() or letter == "_")
    # (.)([A-Z][a-z]+) -> \1_\2, without overlap, as re.sub does it
    parts: list[str] = []
    position = 0
    while position < len(name):
        following = position + 1
        if following + 1 < len(name) and _upper(name[following]) and _lower(name[following + 1]):
            end = following + 1
            while end < len(name) and _lower(name[end]):
                end += 1
            parts.append(name[position] + "_" + name[following:end])
            position = end
        else:
            parts.append(name[position])
            position += 1
    name = "".join(parts)
    # ([a-z])([A-Z]) -> \1_\2
    made: list[str] = []
    for number, letter in enumerate(name):
        if number and _upper(letter) and _lower(name[number - 1]):
            made.append("_")
        made.append(letter)
    return "".join(made).lower()


def _upper(letter: str) -> bool:
    return "A" <= letter <= "Z"


def _lower(letter: str) -> bool:
    return "a" <= letter <= "z"


def process(cx: Context) -> Mutable:
    """What Keras remembers for the whole run: name counters, the call in progress, models that were saved."""
    return cx.state("keras")


def auto_name(cx: Context, class_name: str) -> str:
    """The next free name for an object of this class: ``lstm``, ``lstm_1``, ..."""
    prefix = snake_case(class_name)
    state = process(cx)
    key = ("uid", prefix)
    used = state.fields.get(key, 0)
    cx.set(state, key, used + 1)
    return f"{prefix}_{used}" if used else prefix


def reset_names(cx: Context) -> None:
    """What ``keras.backend.clear_session()`` does to names."""
    state = process(cx)
    for key in [key for key in state.fields if isinstance(key, tuple) and key[0] == "uid"]:
        cx.set(state, key, 0)


def class_name(layer: Instance) -> str:
    """The name of its class, as Keras prints it: the program's own class, or the last word of the library's."""
    if isinstance(layer.cls, ClassValue):
        return layer.cls.name
    if layer.cls.name == "keras.Model" and layer.fields.get("~graph") is not None:
        return "Functional"
    return layer.cls.name.rpartition(".")[2]
