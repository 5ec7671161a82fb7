"""Configurations of models: what is made from one that was not touched is the model that it came from.

https://keras.io/guides/serialization_and_saving/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import ClassValue, Const, Instance, LibraryRef, Typed, Value
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

CONFIG: Final = library_type("keras.~ModelConfig", "builtins.object")


class ModelText(Typed):
    """A configuration written as JSON: a text of which only the model is known."""

    __slots__ = ("model",)

    def __init__(self, model: Instance) -> None:
        super().__init__("str")
        self.model = model


def described(config: Value) -> Instance | None:
    """The model that a configuration describes, where the program did not look into it, and so cannot have changed it."""
    if isinstance(config, ModelText):
        return config.model
    if isinstance(config, Instance) and config.library_type == CONFIG and "~touched" not in config.fields:
        found = config.fields.get("~model")
        return found if isinstance(found, Instance) else None
    return None


@rule("keras.Model.get_config")
def get_config(cx: Context, self: Instance) -> Value:
    """A dict. That of a class of the program is what the class says."""
    if isinstance(self.cls, ClassValue):
        return cx.unknown("a configuration of a model")
    return Instance(LibraryRef(CONFIG), {"~model": self})


@rule("keras.Model.to_json")
def to_json(cx: Context, self: Instance, **kwargs: Value) -> Value:
    """A text."""
    return Typed("str") if isinstance(self.cls, ClassValue) else ModelText(self)


@rule("keras.Model.to_yaml")
def to_yaml(cx: Context, self: Instance, **kwargs: Value) -> Value:
    return cx.unknown("a configuration of a model")


@rule("keras.models.model_from_json", "keras.models.model_from_config", "keras.models.model_from_yaml")
def model_from(cx: Context, config: Value, custom_objects: Value | None = None) -> Value:
    """The model that the configuration describes."""
    return described(config) or cx.unknown("a configuration of a model")


@rule("keras.Model.from_config")
def from_config(
    cx: Context, cls: Value, config: Value | None = None, custom_objects: Value | None = None, **kwargs: Value
) -> Value:
    """The model that the configuration describes."""
    if config is None or isinstance(cls, ClassValue):
        return cx.unknown("a configuration of a model")
    return described(config) or cx.unknown("a configuration of a model")


def _touch(name: str) -> None:
    @rule(f"{CONFIG}.{name}")
    def touched(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
        """What is inside is not followed; it may be changed from here on."""
        cx.set(self, "~touched", True)
        return (
            Const(None)
            if name in ("__setitem__", "update", "__delitem__")
            else cx.unknown("a configuration of a model")
        )


for _name in ("__getitem__", "__setitem__", "__delitem__", "__iter__", "__len__", "__contains__", "get", "items",
              "keys", "values", "pop", "update", "copy", "setdefault"):  # fmt: skip
    _touch(_name)
