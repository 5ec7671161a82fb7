"""Attributes by their names: hasattr, getattr, setattr, delattr.

Source: https://docs.python.org/3/library/functions.html
"""

from __future__ import annotations

from types import NoneType
from typing import Final

from foreshape.domain.values import (
    Array,
    BoundMethod,
    ClassValue,
    Const,
    DictValue,
    Function,
    Instance,
    Int,
    LibraryRef,
    ModuleValue,
    Sequence,
    Typed,
    Unknown,
    Value,
    as_str,
    const,
    none,
)
from foreshape.semantics.protocol import Context
from foreshape.semantics.python.class_fields import in_class
from foreshape.semantics.python.tools import PLAIN_TYPES, type_name
from foreshape.semantics.registry import REGISTRY, rule


@rule("builtins.hasattr")
def hasattr_(cx: Context, obj: Value, name: Value, /) -> Value:
    """Whether there is such an attribute; unknown for library objects that do not tell."""
    text = as_str(name)
    if text is None or isinstance(obj, Unknown):
        return Typed("bool")
    if isinstance(obj, Const) and isinstance(obj.value, (bool, int, float, complex, str, bytes, NoneType)):
        return const(hasattr(obj.value, text))
    marker = Const(None)
    found = _looked_up(cx, obj, text, marker)
    if found is None:
        return const(False)
    if found is marker and text.startswith("__") and _made_by_python(obj, text):
        return const(True)
    if found is marker:
        return const(False) if _closed(obj) or isinstance(obj, Array) or _lacks(obj, text) else Typed("bool")
    if isinstance(found, LibraryRef):
        if not REGISTRY.is_known(found.name):
            return Typed("bool")  # a reference alone does not say that the library has it
        library = found.name.partition(".")[0]
        rules = REGISTRY.rules.get(found.name, ())
        holds = any(
            (not each.since or cx.targets.at_least(library, each.since))
            and (not each.until or not cx.targets.at_least(library, each.until))
            for each in rules
        )
        return const(holds or not rules)
    return Typed("bool") if isinstance(found, Unknown) else const(True)


def _looked_up(cx: Context, obj: Value, name: str, marker: Value) -> Value | None:
    """An attribute; ``marker`` for what is not there, which is no fault where a program asks. None where an object of a
    library certainly lacks it."""
    of_library = isinstance(obj, Instance) and isinstance(obj.cls, LibraryRef)
    if not of_library and not isinstance(obj, (Array, LibraryRef)):
        return cx.get_attribute(obj, name, marker)
    with cx.quiet():
        found = cx.get_attribute(obj, name, marker)  # of a library: a name may be gone
    if of_library:
        return None if found is not marker and found.tainted and not obj.tainted else found
    if found is marker:
        return Unknown(f"whether an array has {name} is not known")
    return marker if found.tainted and not obj.tainted else found


def _made_by_python(obj: Value, name: str) -> bool:
    """Whether a class of the program, or an object of one, has a name that nobody writes into it."""
    cls = obj.cls if isinstance(obj, Instance) else obj
    if not isinstance(cls, ClassValue):
        return False
    if name in ("__dataclass_fields__", "__dataclass_params__", "__match_args__"):
        return any(isinstance(base, ClassValue) and bool(base.fields.get("~dataclass")) for base in cls.mro)
    return hasattr(object, name) or name in ("__dict__", "__module__") or (cls is obj and hasattr(type, name))


def _closed(obj: Value) -> bool:
    """Whether all attributes of an object are known."""
    if isinstance(obj, Instance):
        if obj.library_type in ("argparse.Namespace", "types.SimpleNamespace"):
            return not obj.fields.get("~open")
        return obj.is_plain
    if isinstance(obj, ClassValue):
        return all(isinstance(base, ClassValue) for base in obj.mro)
    return isinstance(obj, (Const, Int, Typed, Sequence, DictValue)) and type_name(obj) in PLAIN_TYPES


def _lacks(obj: Value, name: str) -> bool:
    """Whether a module certainly has no such attribute: all that was ever set on it was seen. Of what a library makes, only
    the modules in a list are asked for: they are attributes, named by their places."""
    if not isinstance(obj, Instance) or name.startswith("_"):
        return False
    if any(obj.fields.get(flag) for flag in ("~open", "~more", "~list")):
        return False
    known: tuple[str, ...] = ("torch.nn.Module", "builtins.object")
    if name.isdigit():
        known += ("torch.nn.ModuleList", "torch.nn.Sequential")
    if isinstance(obj.cls, LibraryRef):
        return name.isdigit() and obj.cls.name in known
    return all(isinstance(base, ClassValue) or base.name in known for base in obj.cls.mro)


@rule("builtins.getattr")
def getattr_(cx: Context, obj: Value, name: Value, default: Value | None = None, /) -> Value:
    """An attribute by name, or the default."""
    text = as_str(name)
    if text is None:
        return cx.unknown("an attribute whose name is not known")
    if isinstance(obj, Unknown):
        return cx.unknown(obj.reason)
    if default is None:
        return cx.get_attribute(obj, text)
    marker = Const(None)
    found = _looked_up(cx, obj, text, marker)
    if found is None:
        return default
    if found is not marker:
        return found
    known = _closed(obj) or isinstance(obj, (ModuleValue, ClassValue, Array)) or _lacks(obj, text)
    return default if known else cx.unknown("it may have another value")


PLAIN_DATA: Final = (Const, Int, Sequence, DictValue)
BUILT_OF: Final = (Array, BoundMethod, ClassValue, Function, Instance, LibraryRef)
"""What an object is built of: layers, weights, methods. Settings are of another nature."""


def set_under_any_name(cx: Context, obj: Instance | ClassValue, value: Value) -> None:
    """The name is not known: of what the object has, settings by settings may have been replaced."""
    cx.set(obj, "~open", True)
    cx.set(obj, "~filled", True)
    if not isinstance(obj, Instance) or isinstance(value, BUILT_OF):
        return
    named = [(name, held) for name, held in obj.fields.items() if isinstance(name, str) and not name.startswith("~")]
    for name, held in named:
        if isinstance(held, Value) and not isinstance(held, BUILT_OF):
            cx.set(obj, name, cx.unknown("it may have been set under a name that is not known"))


@rule("builtins.setattr")
def setattr_(cx: Context, obj: Value, name: Value, value: Value, /) -> Value:
    """Write an attribute."""
    text = as_str(name)
    if isinstance(obj, (Instance, ClassValue)):
        if text is not None:
            cx.set(obj, text, value)
        else:
            set_under_any_name(cx, obj, value)
    elif isinstance(obj, LibraryRef):
        cx.patch(obj.name, text, value)
    return none()


@rule("builtins.delattr")
def delattr_(cx: Context, obj: Value, name: Value, /) -> Value:
    """Remove an attribute: what the class has under that name is there again, else it is not known any more."""
    text = as_str(name)
    if isinstance(obj, Instance) and text is not None:
        held = in_class(obj.cls, text) if isinstance(obj.cls, ClassValue) else None
        cx.set(obj, text, held if isinstance(held, PLAIN_DATA) else cx.unknown("it was deleted"))
    return none()


@rule("builtins.object.__setattr__")
def object_setattr(cx: Context, self: Value, name: Value, value: Value, /) -> Value:
    """Write an attribute."""
    return setattr_(cx, self, name, value)
