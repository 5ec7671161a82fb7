"""``Sequential``, ``ModuleList``, ``ModuleDict``, ``ParameterList``, ``ParameterDict``.

A child stands under its name in the fields, ``"~order"`` holds the names. A list of unknown length is kept whole in
``"~list"`` (a list value). Follows ``torch/nn/modules/container.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    ClassValue,
    Const,
    DictValue,
    Function,
    Instance,
    IteratorValue,
    LibraryRef,
    Sequence,
    SliceValue,
    Typed,
    Unknown,
    Value,
    as_dim,
    as_int,
    as_str,
    int_value,
    is_none,
)
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.torch.nn.base import (
    MODULE,
    NONE,
    class_name,
    forward_rule,
    init_module,
    is_a,
    is_module,
    is_parameter,
)
from foreshape.semantics.torch.nn.calling import call_module
from foreshape.semantics.torch.nn.registry import not_a_module
from foreshape.semantics.torch.support import error, invalid, python_type

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

SEQUENTIAL = library_type("torch.nn.Sequential", MODULE)
MODULE_LIST = library_type("torch.nn.ModuleList", MODULE)
MODULE_DICT = library_type("torch.nn.ModuleDict", MODULE)
PARAMETER_LIST = library_type("torch.nn.ParameterList", MODULE)
PARAMETER_DICT = library_type("torch.nn.ParameterDict", MODULE)
NO_MODULES = (Array, Const, Sequence, DictValue, Typed, ClassValue, Function, LibraryRef)
LISTS = (SEQUENTIAL, MODULE_LIST, PARAMETER_LIST)


# -- what all have ----------------------------------------------------------------------------------------------------


def start(cx: Context, self: Instance) -> None:
    """An empty container."""
    init_module(cx, self)
    cx.set(self, "~order", ())


def items_of(self: Instance) -> list[Value] | None:
    """The children in order; None where their number is not known."""
    if self.fields.get("~list") is not None:
        return None
    return [self.fields[name] for name in self.fields.get("~order", ()) if isinstance(self.fields.get(name), Value)]


def put(cx: Context, self: Instance, name: str, value: Value) -> None:
    """Add or replace a child."""
    if is_a(self, PARAMETER_LIST) or is_a(self, PARAMETER_DICT):
        value = as_parameter(value)
    elif not is_module(value) and not is_none(value) and isinstance(value, NO_MODULES):
        raise not_a_module(cx, value)
    order: tuple[str, ...] = self.fields.get("~order", ())
    if name not in order:
        cx.set(self, "~order", (*order, name))
    cx.set(self, name, value)


def as_parameter(value: Value) -> Value:
    """A tensor becomes a parameter."""
    if isinstance(value, Array) and not is_parameter(value):
        meta = {key: held for key, held in value.meta.items() if key != "grad_fn"}
        made = value.replace(meta={**meta, "parameter": True, "requires_grad": True})
        made.origin = value.origin
        return made
    return value


def open_up(cx: Context, self: Instance, more: Contents | None) -> None:
    """From here on the children are not known one by one."""
    held = self.fields.get("~list")
    before = held.contents if isinstance(held, Sequence) else Contents(items_of(self) or ())
    unknown = Run(cx.fresh(lo=0), cx.unknown("which modules there are is not known"))
    cx.set(self, "~list", Sequence("list", before.plus(more if more is not None else Contents((unknown,)))))


def add(cx: Context, self: Instance, value: Value) -> None:
    """Append one."""
    if self.fields.get("~list") is not None:
        open_up(cx, self, Contents((value,)))
    else:
        put(cx, self, str(len(self.fields.get("~order", ()))), value)


def add_all(cx: Context, self: Instance, values: Value) -> None:
    """Append each of an iterable."""
    contents = cx.iterate(values)
    items = None if contents is None else contents.items(512)
    if items is None:
        open_up(cx, self, contents)
        return
    for item in items:
        add(cx, self, item)


def refill(cx: Context, self: Instance, values: list[Value]) -> None:
    """These instead of what there was, under new numbers."""
    for name in self.fields.get("~order", ()):
        cx.set(self, name, None)
    cx.set(self, "~order", ())
    for number, value in enumerate(values):
        put(cx, self, str(number), value)


def contents_of(self: Instance) -> Contents:
    """The children as the contents of a list."""
    held = self.fields.get("~list")
    return held.contents if isinstance(held, Sequence) else Contents(items_of(self) or ())


# -- lists ------------------------------------------------------------------------------------------------------------


@rule("torch.nn.Sequential", kind="spread")
def sequential_of(cx: Context, modules: Sequence) -> Value:
    """``nn.Sequential(*modules)`` of a list whose length is not known."""
    made = cx.call(LibraryRef(SEQUENTIAL))
    cx.call_method(made, "extend", (modules,))
    return made


@rule("torch.nn.Sequential.__init__")
def sequential_init(cx: Context, self: Instance, *args: Value) -> Value:
    """Modules, or one OrderedDict of them."""
    start(cx, self)
    if len(args) == 1 and isinstance(args[0], DictValue) and args[0].kind == "OrderedDict":
        for key, value in args[0].entries.items():
            put(cx, self, str(key), value)
        if args[0].rest is not None:
            open_up(cx, self, None)
        return NONE
    for number, value in enumerate(args):
        put(cx, self, str(number), value)
    return NONE


@rule("torch.nn.ModuleList.__init__", "torch.nn.ParameterList.__init__")
def list_init(cx: Context, self: Instance, modules: Value | None = None) -> Value:
    """The elements of an iterable."""
    start(cx, self)
    if not is_none(modules) and modules is not None:
        return extended(cx, self, modules)
    return NONE


def extended(cx: Context, self: Instance, modules: Value) -> Value:
    """``extend``; what is no iterable is a TypeError."""
    if is_module(modules) and not any(is_a(modules, name) for name in LISTS):  # type: ignore[arg-type]
        if isinstance(modules, Instance) and isinstance(modules.cls, LibraryRef):
            raise _not_iterable(cx, self, class_name(modules), modules)
    elif isinstance(modules, (Const, Typed)) and not isinstance(getattr(modules, "value", None), str):
        raise _not_iterable(cx, self, python_type(modules), modules)
    add_all(cx, self, modules)
    return self


def _not_iterable(cx: Context, self: Instance, given: str, value: Value) -> Exception:
    kind = "ParameterList" if is_a(self, PARAMETER_LIST) else "ModuleList"
    message = f"{kind}.extend should be called with an iterable, but got {given}"
    return invalid(cx, "TypeError", message, "modules", given, value)


@forward_rule("torch.nn.Sequential.forward")
def sequential_forward(cx: Context, self: Instance, input: Value) -> Value:
    """Each module gets what the one before it gives."""
    for segment in contents_of(self).segments:
        if isinstance(segment, Run):
            made = cx.call(segment.element, (input,))
            same = isinstance(made, Array) and isinstance(input, Array) and made.shape == input.shape
            input = made if same else cx.unknown("how many modules there are is not known")
        else:
            input = call_module(cx, segment, input)
    return input


@forward_rule("torch.nn.ModuleList.forward", "torch.nn.ModuleDict.forward")
def list_forward(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """They only hold modules."""
    message = f'Module [{class_name(self)}] is missing the required "forward" function'
    raise invalid(cx, "NotImplementedError", message, "forward", "missing", self)


@rule("torch.nn.ParameterList.__call__", "torch.nn.ParameterDict.__call__")
def parameters_call(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """They only hold parameters."""
    kind = "ParameterList" if is_a(self, PARAMETER_LIST) else "ParameterDict"
    raise invalid(cx, "RuntimeError", f"{kind} should not be called.", "self", kind, self)


@rule("torch.nn.Sequential.__len__", "torch.nn.ModuleList.__len__", "torch.nn.ParameterList.__len__",
      "torch.nn.ModuleDict.__len__", "torch.nn.ParameterDict.__len__")  # fmt: skip
def container_len(cx: Context, self: Instance) -> Value:
    """How many there are."""
    return int_value(contents_of(self).length)


@rule("torch.nn.Sequential.__iter__", "torch.nn.ModuleList.__iter__", "torch.nn.ParameterList.__iter__")
def list_iter(cx: Context, self: Instance) -> Value:
    """The children in order."""
    return Sequence("list", contents_of(self))


def _place(cx: Context, self: Instance, index: Value, message: str = "index {} is out of range") -> int | None:
    """The place that an index means; IndexError past the end. None where it is not known."""
    place = as_int(index)
    size = contents_of(self).length
    if place is None or not isinstance(size, int):
        return None
    if not -size <= place < size:
        from foreshape.faults.index_range import IndexRange

        text = message.format(place)
        raise IndexRange(
            error(cx, "IndexError", text), values=(self,), taker=class_name(self), index=place, size=size, axis=None
        )
    return place % size


@rule("torch.nn.Sequential.__getitem__", "torch.nn.ModuleList.__getitem__", "torch.nn.ParameterList.__getitem__")
def list_getitem(cx: Context, self: Instance, idx: Value) -> Value:
    """One child, or a container of some of them."""
    if isinstance(idx, SliceValue):
        return _sliced(cx, self, idx)
    items, place = items_of(self), as_int(idx)
    if self.fields.get("~more") and items is not None and place is not None and place >= len(items):
        return cx.unknown("there are modules under names that are not known")
    place = _place(cx, self, idx)
    if place is not None and items is not None:
        return items[place]
    found = cx.get_item(Sequence("list", contents_of(self)), idx)
    if isinstance(found, Unknown):
        return _any_of(items, found)
    return found


def _any_of(items: list[Value] | None, otherwise: Value) -> Value:
    """A child under an index that is not known: any of them, where all do the same."""
    if items and all(item is items[0] for item in items[1:]):
        return items[0]
    return otherwise


def _sliced(cx: Context, self: Instance, index: SliceValue) -> Value:
    names: tuple[str, ...] = self.fields.get("~order", ())
    made = Instance(self.cls)
    start(cx, made)
    items = items_of(self)
    bounds = [as_int(part) if not is_none(part) else None for part in (index.start, index.stop, index.step)]
    known = all(is_none(part) or as_int(part) is not None for part in (index.start, index.stop, index.step))
    if items is None or not known:
        open_up(cx, made, None)
        return made
    keep = slice(*bounds)
    if isinstance(self.cls, ClassValue) and cx.user_method(self, "__init__") is not None:
        # the class is called again with what is kept, whatever its constructor takes
        pairs = list(zip(names, items))[keep]
        kept = DictValue(dict(pairs), kind="OrderedDict") if is_a(self, SEQUENTIAL) else None
        return cx.call(self.cls, (kept or Sequence("list", Contents([value for _, value in pairs])),))
    if is_a(self, SEQUENTIAL):
        for name, value in list(zip(names, items))[keep]:
            put(cx, made, name, value)
    else:
        for value in items[keep]:
            add(cx, made, value)
    return made


@rule("torch.nn.Sequential.__setitem__", "torch.nn.ModuleList.__setitem__", "torch.nn.ParameterList.__setitem__")
def list_setitem(cx: Context, self: Instance, idx: Value, module: Value) -> Value:
    """Replaces one."""
    place = _place(cx, self, idx)
    if place is None or items_of(self) is None:
        open_up(cx, self, None)
    else:
        put(cx, self, self.fields["~order"][place], module)
    return NONE


@rule("torch.nn.Sequential.__delitem__", "torch.nn.ModuleList.__delitem__")
def list_delitem(cx: Context, self: Instance, idx: Value) -> Value:
    """Takes out one, or some; the others get new numbers."""
    items = items_of(self)
    if items is not None and isinstance(idx, SliceValue):
        parts = (idx.start, idx.stop, idx.step)
        if all(is_none(part) or as_int(part) is not None for part in parts):
            del items[slice(*(None if is_none(part) else as_int(part) for part in parts))]
            refill(cx, self, items)
            return NONE
    place = None if isinstance(idx, SliceValue) else _place(cx, self, idx)
    if place is None or items is None:
        open_up(cx, self, None)
        return NONE
    del items[place]
    refill(cx, self, items)
    return NONE


@rule("torch.nn.Sequential.pop", "torch.nn.ModuleList.pop")
def list_pop(cx: Context, self: Instance, key: Value) -> Value:
    """Takes one out and gives it."""
    found = list_getitem(cx, self, key)
    list_delitem(cx, self, key)
    return found


@rule("torch.nn.Sequential.append", "torch.nn.ModuleList.append", "torch.nn.ParameterList.append")
def list_append(cx: Context, self: Instance, module: Value) -> Value:
    """One more at the end."""
    add(cx, self, module)
    return self


@rule("torch.nn.Sequential.extend", "torch.nn.ModuleList.extend", "torch.nn.ParameterList.extend")
def list_extend(cx: Context, self: Instance, modules: Value) -> Value:
    """More at the end."""
    return extended(cx, self, modules)


@rule("torch.nn.Sequential.insert", "torch.nn.ModuleList.insert")
def list_insert(cx: Context, self: Instance, index: Value, module: Value) -> Value:
    """One more before a place."""
    items, place = items_of(self), as_int(index)
    if items is None or place is None:
        open_up(cx, self, None)
        return self
    items.insert(place, module)
    refill(cx, self, items)
    return self if is_a(self, SEQUENTIAL) else NONE


@rule("torch.nn.Sequential.__binary__", "torch.nn.ModuleList.__binary__")
def list_binary(cx: Context, self: Instance, operator: Value, other: Value, reflected: Value) -> Value | None:
    """``a + b``; ``Sequential * n``."""
    text = as_str(operator)
    if text == "+" and is_module(other):
        made = Instance(LibraryRef(SEQUENTIAL if is_a(self, SEQUENTIAL) else MODULE_LIST))
        start(cx, made)
        first, second = (other, self) if isinstance(reflected, Const) and reflected.value else (self, other)
        add_all(cx, made, first)
        add_all(cx, made, second)
        return made
    if text == "*" and is_a(self, SEQUENTIAL) and as_dim(other) is not None:
        made = Instance(LibraryRef(SEQUENTIAL))
        start(cx, made)
        times, items = as_int(other), items_of(self)
        if times is None or items is None:
            open_up(cx, made, None)
        for value in (items or []) * (times or 0):
            add(cx, made, value)
        return made
    return None


# -- dicts ------------------------------------------------------------------------------------------------------------


@rule("torch.nn.ModuleDict.__init__", "torch.nn.ParameterDict.__init__")
def dict_init(cx: Context, self: Instance, modules: Value | None = None) -> Value:
    """The entries of a dict, or of pairs."""
    start(cx, self)
    return NONE if modules is None or is_none(modules) else dict_update(cx, self, modules)


@rule("torch.nn.ModuleDict.update", "torch.nn.ParameterDict.update")
def dict_update(cx: Context, self: Instance, modules: Value) -> Value:
    """More entries."""
    if isinstance(modules, Instance) and "~order" in modules.fields:
        for name in modules.fields["~order"]:
            put(cx, self, name, modules.fields[name])
        return NONE
    if isinstance(modules, DictValue):
        for key, value in modules.entries.items():
            _put_key(cx, self, Const(key), value)
        if modules.rest is not None:
            open_up(cx, self, None)
        return NONE
    contents = cx.iterate(modules)
    items = None if contents is None else contents.items(512)
    for item in items or ():
        pair = item.contents.items() if isinstance(item, Sequence) else None
        if pair is None or len(pair) != 2:
            items = None
            break
        _put_key(cx, self, pair[0], pair[1])
    if items is None:
        open_up(cx, self, None)
    return NONE


def _put_key(cx: Context, self: Instance, key: Value, value: Value) -> None:
    name = as_str(key)
    if name is None:
        if isinstance(key, Const):
            raise _bad_key(cx, self, key)
        open_up(cx, self, None)
        return
    if "." in name and is_a(self, MODULE_DICT):
        raise invalid(cx, "KeyError", f"'module name can\\'t contain \".\", got: {name}'", "key", repr(name), key)
    reserved = name in ("training", "forward", "keys", "values", "items", "type", "float", "half", "to", "parameters",
                        "update", "pop", "clear", "train", "eval", "children", "modules", "apply", "cpu", "cuda",
                        "double", "buffers", "zero_grad", "state_dict")  # fmt: skip
    if reserved and is_a(self, MODULE_DICT) and name not in self.fields.get("~order", ()):
        raise invalid(cx, "KeyError", f"\"attribute '{name}' already exists\"", "key", repr(name), key)
    put(cx, self, name, value)


def _bad_key(cx: Context, self: Instance, key: Const) -> Exception:
    kind = type(key.value).__name__
    if is_a(self, MODULE_DICT):
        message = f"module name should be a string. Got {kind}"
    else:
        message = (
            "Index given to ParameterDict cannot be used as a key as it is not a string (type is "
            f"'{kind}'). Open an issue on github if you need non-string keys."
        )
    return invalid(cx, "TypeError", message, "key", repr(key.value), key)


@rule("torch.nn.ModuleDict.__getitem__", "torch.nn.ParameterDict.__getitem__")
def dict_getitem(cx: Context, self: Instance, key: Value) -> Value:
    """The entry; KeyError where there is none."""
    name = as_str(key)
    items = items_of(self)
    if name is None:
        return _any_of(items, cx.unknown("which entry it is is not known"))
    if name in self.fields.get("~order", ()):
        found: Value = self.fields[name]
        return found
    if items is None:
        return cx.unknown("which entries there are is not known")
    raise _missing(cx, self, name)


def _missing(cx: Context, self: Instance, name: str) -> Exception:
    if is_a(self, PARAMETER_DICT):
        from foreshape.faults.missing_attribute import MissingAttribute

        owner = class_name(self)
        message = f"'{owner}' object has no attribute '{name}'"
        return MissingAttribute(error(cx, "AttributeError", message), values=(self,), owner=owner, attribute=name)
    from foreshape.faults.missing_key import MissingKey

    known = tuple(self.fields.get("~order", ()))
    return MissingKey(error(cx, "KeyError", repr(name)), values=(self,), key=repr(name), known=tuple(map(repr, known)))


@rule("torch.nn.ModuleDict.__setitem__", "torch.nn.ParameterDict.__setitem__")
def dict_setitem(cx: Context, self: Instance, key: Value, module: Value) -> Value:
    """One entry more, or another one."""
    _put_key(cx, self, key, module)
    return NONE


@rule("torch.nn.ModuleDict.__delitem__", "torch.nn.ParameterDict.__delitem__")
def dict_delitem(cx: Context, self: Instance, key: Value) -> Value:
    """One entry less."""
    name = as_str(key)
    if name is None:
        open_up(cx, self, None)
        return NONE
    if name not in self.fields.get("~order", ()):
        return NONE
    cx.set(self, "~order", tuple(one for one in self.fields["~order"] if one != name))
    cx.set(self, name, None)
    return NONE


@rule("torch.nn.ModuleDict.pop", "torch.nn.ParameterDict.pop")
def dict_pop(cx: Context, self: Instance, key: Value) -> Value:
    """Takes one out and gives it."""
    found = dict_getitem(cx, self, key)
    dict_delitem(cx, self, key)
    return found


@rule("torch.nn.ModuleDict.clear", "torch.nn.ParameterDict.clear")
def dict_clear(cx: Context, self: Instance) -> Value:
    """Nothing is left."""
    refill(cx, self, [])
    return NONE


@rule("torch.nn.ParameterDict.get")
def dict_get(cx: Context, self: Instance, key: Value, default: Value = NONE) -> Value:
    """The entry, or the default."""
    name = as_str(key)
    if name is not None and name in self.fields.get("~order", ()):
        found: Value = self.fields[name]
        return found
    return default if name is not None and items_of(self) is not None else cx.unknown("which entry it is is not known")


@rule("torch.nn.ModuleDict.__contains__", "torch.nn.ParameterDict.__contains__")
def dict_contains(cx: Context, self: Instance, key: Value) -> Value:
    """Whether there is such an entry."""
    name = as_str(key)
    if name is None or items_of(self) is None:
        return Typed("bool")
    return Const(name in self.fields.get("~order", ()))


def _keys(self: Instance) -> Contents:
    if items_of(self) is None:
        size: DimLike = contents_of(self).length
        return Contents((Run(size, Typed("str")),))
    return Contents(Const(name) for name in self.fields.get("~order", ()))


@rule("torch.nn.ModuleDict.__iter__", "torch.nn.ParameterDict.__iter__",
      "torch.nn.ModuleDict.keys", "torch.nn.ParameterDict.keys")  # fmt: skip
def dict_keys(cx: Context, self: Instance) -> Value:
    """The keys in order."""
    return Sequence("list", _keys(self))


@rule("torch.nn.ModuleDict.values", "torch.nn.ParameterDict.values")
def dict_values(cx: Context, self: Instance) -> Value:
    """The entries in order."""
    return Sequence("list", contents_of(self))


@rule("torch.nn.ModuleDict.items", "torch.nn.ParameterDict.items")
def dict_items(cx: Context, self: Instance) -> Value:
    """(key, entry) in order."""
    names, items = self.fields.get("~order", ()), items_of(self)
    if items is None:
        pair = Sequence("tuple", Contents((Typed("str"), cx.unknown("which entry it is is not known"))))
        return IteratorValue(Contents((Run(contents_of(self).length, pair),)), "generator")
    return Sequence("list", Contents(Sequence("tuple", Contents((Const(k), v))) for k, v in zip(names, items)))
