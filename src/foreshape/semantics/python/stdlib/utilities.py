"""``copy``, ``contextlib``, ``warnings``, ``logging``, ``typing``, ``dataclasses``, ``inspect`` and the rest
that scripts import but that says nothing about shapes.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final

from foreshape.domain.contents import Contents, Run, Segment
from foreshape.domain.values import (
    Array,
    BoundMethod,
    ClassValue,
    Const,
    DictValue,
    Function,
    Instance,
    IteratorValue,
    LibraryRef,
    Partial,
    Sequence,
    Typed,
    Value,
    const,
    none,
)
from foreshape.semantics.protocol import Context
from foreshape.semantics.python.class_fields import field_names, in_class, taken_fields
from foreshape.semantics.python.stdlib.plain import attributes, constants, results
from foreshape.semantics.python.tools import typed_list
from foreshape.semantics.registry import constant, library_types, rule

library_types((
    ("logging.Logger", ("builtins.object",)),
    ("logging.Handler", ("builtins.object",)),
    ("logging.FileHandler", ("logging.Handler",)),
    ("logging.StreamHandler", ("logging.Handler",)),
    ("logging.Formatter", ("builtins.object",)),
    ("threading.Thread", ("builtins.object",)),
    ("threading.Lock", ("builtins.object",)),
    ("threading.Event", ("builtins.object",)),
    ("contextlib.ExitStack", ("builtins.object",)),
    ("types.SimpleNamespace", ("builtins.object",)),
    ("abc.ABC", ("builtins.object",)),
    ("abc.ABCMeta", ("builtins.object",)),
    ("enum.Enum", ("builtins.object",)),
    ("enum.IntEnum", ("enum.Enum", "builtins.int")),
    ("enum.StrEnum", ("enum.Enum", "builtins.str")),
    ("enum.Flag", ("enum.Enum",)),
    ("enum.IntFlag", ("enum.Flag",)),
    ("enum.auto", ("builtins.object",)),
    ("typing.Generic", ("builtins.object",)),
    ("typing.Protocol", ("builtins.object",)),
))  # fmt: skip

# -- copy


@rule("copy.copy")
def copy(cx: Context, x: Value) -> Value:
    """A new object with the same parts."""
    return copied(cx, x, {}, deep=False)


@rule("copy.deepcopy")
def deepcopy(cx: Context, x: Value, memo: Value | None = None) -> Value:
    """A new object with copies of the parts."""
    return copied(cx, x, {}, deep=True)


def copied(cx: Context, value: Value, memo: dict[int, Value], deep: bool) -> Value:
    """A copy of what can change; anything else is itself."""
    known = memo.get(id(value))
    if known is not None:
        return known
    made: Value
    if isinstance(value, Sequence):
        made = Sequence(value.kind, value.contents)
        memo[id(value)] = made
        if deep:
            segments: list[Segment] = []
            for segment in value.contents.segments:
                if isinstance(segment, Run):
                    segments.append(Run(segment.length, copied(cx, segment.element, memo, deep), segment.index))
                else:
                    segments.append(copied(cx, segment, memo, deep))
            made.fields["contents"] = Contents(segments)
        _copy_state(value.fields, made.fields)
        return made
    if isinstance(value, DictValue):
        made = DictValue(value.entries, value.rest, value.fields.get("size"), value.kind)
        memo[id(value)] = made
        if deep:
            made.fields["entries"] = {key: copied(cx, entry, memo, deep) for key, entry in value.entries.items()}
        _copy_state(value.fields, made.fields)
        return made
    if isinstance(value, Instance):
        return _copied_instance(cx, value, memo, deep)
    if isinstance(value, IteratorValue):
        made = IteratorValue(value.fields["contents"], value.kind)
        made.fields["taken"] = value.fields["taken"]
        return made
    if deep and isinstance(value, Array) and value.kind == "torch":
        # a tensor of its own: what is done to it in place does not reach the other
        made = value.replace()
        made.origin = value.origin
        memo[id(value)] = made
        return made
    return value


def _copy_state(source: dict[Hashable, Any], target: dict[Hashable, Any]) -> None:
    for key, value in source.items():
        if isinstance(key, str) and key.startswith("~"):
            target[key] = value


def _copied_instance(cx: Context, value: Instance, memo: dict[int, Value], deep: bool) -> Value:
    method = cx.user_method(value, "__deepcopy__" if deep else "__copy__")
    if method is not None:
        return cx.call(method, (DictValue({}),) if deep else ())
    made = Instance(value.cls)
    memo[id(value)] = made
    for key, part in value.fields.items():
        if deep and isinstance(part, Value):
            held = copied(cx, part, memo, deep)
            if isinstance(held, Instance) and held.origin is None:
                held.origin = part.origin  # what it was made with stands where the first was made
            made.fields[key] = held
        elif deep and isinstance(part, tuple):
            made.fields[key] = tuple(copied(cx, one, memo, deep) if isinstance(one, Value) else one for one in part)
        else:
            made.fields[key] = part
    return made


# -- contextlib


@rule("contextlib.contextmanager", "contextlib.asynccontextmanager")
def contextmanager(cx: Context, func: Value, /) -> Value:
    """A generator as a context manager: ``with`` gives what it yields (``builtins.iterator.__enter__``)."""
    return func


library_types((("contextlib._Open", ("builtins.object",)), ("contextlib._Nothing", ("builtins.object",))))


@rule("contextlib._Open.__enter__")
def enter(cx: Context, self: Value) -> Value:
    """What the generator yielded."""
    given = self.fields.get("~given") if isinstance(self, Instance) else None
    return given if isinstance(given, Value) else none()


@rule("contextlib.nullcontext")
def nullcontext(cx: Context, enter_result: Value | None = None) -> Value:
    """A manager that does nothing."""
    return Instance(LibraryRef("contextlib._Open"), {"~given": enter_result if enter_result is not None else none()})


@rule("contextlib.closing")
def closing(cx: Context, thing: Value) -> Value:
    """A manager that closes."""
    return Instance(LibraryRef("contextlib._Open"), {"~given": thing})


@rule("contextlib.redirect_stdout", "contextlib.redirect_stderr")
def redirect(cx: Context, new_target: Value, /) -> Value:
    """A manager that gives the file that is written to."""
    return Instance(LibraryRef("contextlib._Open"), {"~given": new_target})


@rule("contextlib.suppress")
def suppress(cx: Context, *args: Value) -> Value:
    """A manager that gives nothing."""
    return Instance(LibraryRef("contextlib._Open"), {"~given": none()})


results("contextlib.ExitStack", {"__enter__": "self"})
LEAVING: Final = "~leaving"
"""What an ExitStack calls when it ends: (function, arguments, named arguments), the first one last."""


def _on_leaving(
    cx: Context, stack: Instance, function: Value, args: tuple[Value, ...], named: dict[str, Value]
) -> None:
    cx.set(stack, LEAVING, ((function, args, named), *stack.fields.get(LEAVING, ())))


@rule("contextlib.ExitStack.callback")
def callback(cx: Context, self: Instance, function: Value, /, *args: Value, **kwds: Value) -> Value:
    """The function, which is called when the stack ends."""
    _on_leaving(cx, self, function, args, kwds)
    return function


@rule("contextlib.ExitStack.push")
def push(cx: Context, self: Instance, exit: Value, /) -> Value:
    """What has an ``__exit__``, or takes the arguments of one."""
    own = cx.user_method(exit, "__exit__") or exit
    if isinstance(own, (Function, BoundMethod, Partial)):
        _on_leaving(cx, self, own, (none(), none(), none()), {})
    return exit


@rule("contextlib.ExitStack.__exit__", "contextlib.ExitStack.close")
def leave(cx: Context, self: Instance, *args: Value) -> Value:
    """Calls what it was given, the last one first."""
    waiting = self.fields.get(LEAVING, ())
    cx.set(self, LEAVING, ())
    for function, given, named in waiting:
        cx.call(function, given, named)
    return none()


@rule("contextlib.ExitStack.pop_all")
def pop_all(cx: Context, self: Instance) -> Value:
    """Another stack, which has it all now."""
    made = Instance(LibraryRef("contextlib.ExitStack"), {LEAVING: self.fields.get(LEAVING, ())})
    cx.set(self, LEAVING, ())
    return made


@rule("contextlib.ExitStack.enter_context")
def enter_context(cx: Context, self: Instance, manager: Value, /) -> Value:
    """What the manager gives."""
    push(cx, self, manager)
    method = cx.get_attribute(manager, "__enter__", none())
    return cx.call(method) if not isinstance(method, Const) else cx.unknown("what a context manager gives")


# -- warnings and logging

results("warnings", {"warn warn_explicit filterwarnings simplefilter resetwarnings showwarning": "none"})


@rule("warnings.catch_warnings")
def catch_warnings(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """A manager that gives the warnings."""
    warned = Sequence("list", Contents((Run(cx.fresh(None, lo=0), cx.unknown("a warning")),)))
    return Instance(LibraryRef("contextlib._Open"), {"~given": warned})


LEVELS = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "WARN": 30, "ERROR": 40, "CRITICAL": 50, "FATAL": 50, "NOTSET": 0}
constants("logging", LEVELS)
results(
    "logging",
    {
        "debug info warning warn error critical exception log basicConfig disable captureWarnings": "none",
        "shutdown addLevelName": "none",
        "getLogger": "object:logging.Logger",
        "getLevelName": "unknown:a level or its name",
        "getLoggerClass": "unknown:a class",
    },
)
results(
    "logging.Logger",
    {
        "debug info warning warn error critical exception log setLevel addHandler removeHandler addFilter": "none",
        "getChild": "object:logging.Logger",
        "isEnabledFor hasHandlers": "bool",
        "getEffectiveLevel": "int",
    },
)
attributes("logging.Logger", {"name": "str", "handlers": "list", "level": "int", "propagate disabled": "bool"})
results("logging.Handler", {"setLevel setFormatter addFilter close flush": "none", "__init__": "none"})
results("logging.Formatter", {"format formatTime": "str", "__init__": "none"})
results("logging.config", {"dictConfig fileConfig": "none"})
results("logging.handlers", {"RotatingFileHandler TimedRotatingFileHandler": "object:logging.Handler"})

# -- typing, abc, types, inspect


@rule("typing.cast")
def cast(cx: Context, typ: Value, val: Value) -> Value:
    """The value itself."""
    return val


@rule(
    "typing.overload", "typing.no_type_check", "typing.final", "typing.runtime_checkable", "abc.abstractmethod",
    "atexit.register", "typing.override", "enum.unique", "types.coroutine",
)  # fmt: skip
def unchanged(cx: Context, func: Value, *args: Value, **kwargs: Value) -> Value:
    """A decorator that changes nothing about a call."""
    return func


@constant("typing.TYPE_CHECKING")
def type_checking(cx: Context) -> Value:
    """False when a program runs."""
    return const(False)


@rule("typing.TypeVar", "typing.ParamSpec", "typing.NewType", "typing.TypeVarTuple")
def type_variable(cx: Context, name: Value, *args: Value, **kwargs: Value) -> Value:
    """A name for annotations; ``NewType`` makes a function that changes nothing."""
    return LibraryRef("functools.~same")


results("typing", {"get_type_hints": "dict", "get_args": "tuple", "get_origin": "unknown:a type"})
results(
    "inspect",
    {
        "ismethod ismodule isgenerator iscoroutinefunction": "bool",
        "getsource getfile getdoc": "str",
        "stack": "list",
        "currentframe": "unknown:a frame",
        "getmembers": "list",
        "getmodule": "unknown:a module",
        "getfullargspec": "unknown:a signature",
    },
)


@rule("inspect.isclass")
def isclass(cx: Context, object_: Value) -> Value:
    """Whether it is a class."""
    if isinstance(object_, ClassValue):
        return const(True)
    return const(False) if isinstance(object_, (Function, Instance, Const, Sequence)) else Typed("bool")


@rule("inspect.isfunction")
def isfunction(cx: Context, object_: Value) -> Value:
    """Whether it is a function of the program."""
    if isinstance(object_, Function):
        return const(True)
    return const(False) if isinstance(object_, (ClassValue, Instance, Const, Sequence)) else Typed("bool")


@rule("types.MethodType")
def method_type(cx: Context, function: Value, instance: Value, /) -> Value:
    """A bound method."""
    return BoundMethod(function, instance)


@rule("dataclasses.asdict")
def asdict(cx: Context, obj: Value, *, dict_factory: Value | None = None) -> Value:
    """The fields as a dict, the dataclasses in them too."""
    names = field_names(obj.cls) if isinstance(obj, Instance) and isinstance(obj.cls, ClassValue) else []
    if not names or not isinstance(obj, Instance):
        return cx.unknown("the fields of something")
    entries: dict[Hashable, Value] = {}
    for key in names:
        value = obj.fields.get(key)
        if isinstance(value, Value):
            inner = isinstance(value, Instance) and isinstance(value.cls, ClassValue)
            nested = inner and bool(value.cls.fields.get("~dataclass"))  # type: ignore[attr-defined]
            entries[key] = asdict(cx, value) if nested else copied(cx, value, {}, deep=True)
    return DictValue(entries, cx.unknown("a field") if obj.fields.get("~open") else None)


@rule("dataclasses.astuple")
def astuple(cx: Context, obj: Value) -> Value:
    """The fields as a tuple."""
    made = asdict(cx, obj)
    return Sequence("tuple", Contents(made.entries.values())) if isinstance(made, DictValue) else made


@rule("dataclasses.replace")
def replace(cx: Context, obj: Value, /, **changes: Value) -> Value:
    """A new object with some fields replaced, which its constructor makes."""
    if not isinstance(obj, Instance):
        return cx.unknown("a changed copy")
    taken = taken_fields(obj.cls) if isinstance(obj.cls, ClassValue) and not obj.fields.get("~open") else []
    if taken:
        kept = {name: obj.fields[name] for name in taken if isinstance(obj.fields.get(name), Value)}
        return cx.call(obj.cls, (), {**kept, **changes})
    changed: dict[Hashable, Any] = dict(obj.fields)
    changed.update(changes)
    return Instance(obj.cls, changed)


@rule("dataclasses.fields")
def fields(cx: Context, class_or_instance: Value) -> Value:
    """Descriptions of the fields, each with its name and, where it has a plain one, its default."""
    cls = class_or_instance.cls if isinstance(class_or_instance, Instance) else class_or_instance
    names = field_names(cls) if isinstance(cls, ClassValue) else []
    if not names or not isinstance(cls, ClassValue):
        return typed_list(cx, cx.unknown("a field"), "tuple")
    described = []
    for name in names:
        default = in_class(cls, name)
        plain = default is not None and not isinstance(default, Instance)
        told: dict[Hashable, Any] = {"name": const(name)}
        told["default"] = default if plain else cx.unknown("the default of a field")
        described.append(Instance(LibraryRef("dataclasses.Field"), told))
    return Sequence("tuple", Contents(described))


@rule("dataclasses.is_dataclass")
def is_dataclass(cx: Context, obj: Value) -> Value:
    """Whether it is a dataclass or one of its objects."""
    cls = obj.cls if isinstance(obj, Instance) else obj
    if isinstance(cls, ClassValue):
        return const(any(isinstance(base, ClassValue) and bool(base.fields.get("~dataclass")) for base in cls.mro))
    return Typed("bool")


# -- the rest

results("gc", {"collect": "int>=0", "enable disable freeze": "none", "get_objects": "list", "isenabled": "bool"})
results(
    "traceback",
    {"print_exc print_stack print_exception print_tb": "none", "format_exc": "str", "format_exception": "list[str]"},
)
results(
    "threading",
    {
        "current_thread": "object:threading.Thread",
        "active_count get_ident": "int>=0",
        "RLock Semaphore": "object:threading.Lock",
    },
)
results("threading.Thread", {"start join run setDaemon": "none", "is_alive": "bool", "__init__": "none"})
results("threading.Lock", {"acquire __enter__": "bool", "release __exit__": "none"})
results("threading.Event", {"set clear": "none", "is_set wait": "bool"})
results("multiprocessing", {"cpu_count": "int>=0", "set_start_method freeze_support": "none"})
results("weakref", {"proxy": "arg", "ref": "unknown:a weak reference"})
results("ast", {"parse": "unknown:a tree", "dump": "str"})
results("importlib", {"import_module reload": "unknown:a module", "invalidate_caches": "none"})
results("importlib.metadata", {"version": "str"})
results("importlib.util", {"find_spec": "unknown:a module"})
results("asyncio", {"run": "unknown:the result of a coroutine", "sleep": "none"})
results("codecs", {"encode": "bytes", "decode": "str"})
results("psutil", {"cpu_percent": "float>=0"})
results("tracemalloc", {"start stop": "none", "get_traced_memory": "tuple[int,int]"})
results("array", {"array": "unknown:an array of the array module"})
results("ctypes", {"CDLL": "unknown:a library"})
results("faulthandler", {"enable": "none"})


@rule("ast.literal_eval")
def literal_eval(cx: Context, node_or_string: Value) -> Value:
    """What a text describes."""
    from foreshape.domain.values import as_str
    from foreshape.semantics.python.tools import lift

    text = as_str(node_or_string)
    if text is None:
        return cx.unknown("it is read from text")
    import ast

    try:
        return lift(ast.literal_eval(text))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return cx.unknown("it is read from text")
