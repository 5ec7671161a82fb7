"""What a family of modules is written against.

How a module is written::

    library_type("torch.nn.Linear", MODULE)

    @rule("torch.nn.Linear.__init__")
    def linear_init(cx, self, in_features, out_features, bias=TRUE, device=None, dtype=None):
        init_module(cx, self)                                     # parameters, buffers and modules may follow
        kept(cx, self, in_features=in_features, out_features=out_features)
        made = factory(cx, dtype, device)
        add_parameter(cx, self, "weight", (out, into), made)      # shape None: not known
        add_parameter(cx, self, "bias", None if ... else (out,), made)

    @rule("torch.nn.Linear.forward")
    def linear_forward(cx, self, input): ...

Everything else (``__call__``, hooks, walking, ``state_dict``, ``to``) is done by ``torch.nn.Module``. Parameters and
modules are plain fields of the object, in the order of their making: a parameter is an Array with
``meta["parameter"]``, a module an Instance. Buffers are the fields that ``"~buffers"`` names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from foreshape.domain.values import (
    Array,
    Choice,
    ClassValue,
    Const,
    Instance,
    LibraryRef,
    Sequence,
    Shape,
    Unknown,
    Value,
    as_bool,
)
from foreshape.semantics.registry import REGISTRY, Parameters, rule
from foreshape.semantics.torch.support import CPU, default_dtype, device_name, dtype_of, given

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

RuleFunction = Callable[..., Value]
MODULE = "torch.nn.Module"
TRUE = Const(True)
FALSE = Const(False)
NONE = Const(None)
EMPTY = Const("")
ZERO = Const(0)
ONE = Const(1)


class Factory:
    """The dtype and device that a module makes its parameters with. ``dtype`` None: not known; ``device`` None: the CPU."""

    __slots__ = ("device", "dtype")

    def __init__(self, dtype: str | None = "float32", device: str | None = None) -> None:
        self.dtype = dtype
        self.device = device


# -- the object -------------------------------------------------------------------------------------------------------


def init_module(cx: Context, self: Instance) -> None:
    """``Module.__init__``: the object may hold parameters, buffers and modules from here on."""
    cx.set(self, "training", Const(True))
    cx.set(self, "~initialised", True)


def kept(cx: Context, self: Instance, **values: Value | None) -> None:
    """Keep arguments as attributes."""
    for name, value in values.items():
        cx.set(self, name, Const(None) if value is None else value)


def is_module(value: object) -> bool:
    """Whether it is an object of ``nn.Module`` or of a class derived from it."""
    return isinstance(value, Instance) and is_a(value, MODULE)


def is_a(value: Instance, type_name: str) -> bool:
    """Whether an object is of this class of the library, or derived from it."""
    if isinstance(value.cls, LibraryRef):
        return type_name in REGISTRY.mro(value.cls.name)
    return any(isinstance(base, LibraryRef) and type_name in REGISTRY.mro(base.name) for base in value.cls.mro)


def class_name(self: Value) -> str:
    """The name of its class, without the module."""
    return self.cls.name.rpartition(".")[2] if isinstance(self, Instance) else type(self).__name__


def factory(cx: Context, dtype: Value | None, device: Value | None) -> Factory:
    """What ``dtype=`` and ``device=`` of a constructor ask for."""
    asked = dtype_of(dtype) if given(dtype) else default_dtype(cx)
    place = device_name(device)
    return Factory(asked, None if place == CPU else place)


def made_parameter(
    shape: Shape | None, dtype: str | None = "float32", device: str | None = None, requires_grad: bool = True
) -> Array:
    """A ``nn.Parameter`` of this shape."""
    meta: dict[str, Any] = {"parameter": True}
    if requires_grad:
        meta["requires_grad"] = True
    if device is not None:
        meta["device"] = device
    return Array("torch", shape, dtype, meta=meta)


def add_parameter(cx: Context, self: Instance, name: str, shape: Shape | None, made: Factory | None = None) -> None:
    """Make a parameter."""
    made = made or Factory()
    cx.set(self, name, made_parameter(shape, made.dtype, made.device))


BUFFER = "buffer"
"""In the ``meta`` of a tensor that becomes a buffer of the module it is assigned to: whether its state holds it."""


def add_buffer(cx: Context, self: Instance, name: str, value: Value, persistent: bool = True) -> None:
    """Register a buffer: an Array, or None."""
    held: tuple[str, ...] = self.fields.get("~buffers", ())
    if name not in held:
        cx.set(self, "~buffers", (*held, name))
    if not persistent:
        cx.set(self, "~transient", (*self.fields.get("~transient", ()), name))
    cx.set(self, name, value)


def made_buffer(shape: Shape | None, dtype: str | None, device: str | None = None) -> Array:
    """A tensor that is no parameter."""
    return Array("torch", shape, dtype, meta={} if device is None else {"device": device})


def is_parameter(value: object) -> bool:
    """Whether it is a ``nn.Parameter``."""
    return isinstance(value, Array) and value.kind == "torch" and bool(value.meta.get("parameter"))


# -- forward ----------------------------------------------------------------------------------------------------------


def forward_rule(*names: str, since: str = "") -> Callable[[RuleFunction], RuleFunction]:
    """Register ``forward`` of a module. One that its own constructor has not set up (a class of the program that leaves it
    out, or one that nobody makes) gives nothing that is known."""

    def register(function: RuleFunction) -> RuleFunction:
        def run(cx: Context, self: Value, *args: Any, **named: Any) -> Value:
            if self.tainted or (isinstance(self, Instance) and not self.fields.get("~initialised")):
                return follows(cx, self)
            try:
                made: Value = function(cx, self, *args, **named)
            except KeyError as missing:
                if isinstance(self, Instance) and missing.args[0] in self.fields:
                    raise
                return cx.unknown("the module was not set up by its own constructor")
            return made

        for name in names:
            rule(name, since=since)(run)
            REGISTRY.rules[name][-1].parameters = Parameters(function)
        return function

    return register


# -- walking ----------------------------------------------------------------------------------------------------------


def own_parameters(self: Instance) -> Iterator[tuple[str, Array]]:
    """(name, parameter) of the module itself."""
    for name, value in list(self.fields.items()):
        if isinstance(name, str) and isinstance(value, Array) and is_parameter(value):
            yield name, value


def own_buffers(self: Instance) -> Iterator[tuple[str, Value]]:
    """(name, buffer) of the module itself; a buffer that is None is there, too."""
    for name in self.fields.get("~buffers", ()):
        value = self.fields.get(name)
        if isinstance(value, Value):
            yield name, value


def own_modules(self: Instance) -> Iterator[tuple[str, Instance]]:
    """(name, module) of the modules directly inside."""
    for name, value in list(self.fields.items()):
        if isinstance(name, str) and not name.startswith("~") and isinstance(value, Instance) and is_module(value):
            yield name, value


def walk(self: Instance, prefix: str = "", seen: set[int] | None = None) -> Iterator[tuple[str, Instance]]:
    """(qualified name, module) of the module and all inside it, each once, in torch's order."""
    seen = set() if seen is None else seen
    if id(self) in seen:
        return
    seen.add(id(self))
    yield prefix, self
    for name, inner in own_modules(self):
        yield from walk(inner, f"{prefix}.{name}" if prefix else name, seen)


CONTAINERS = (
    "torch.nn.Sequential", "torch.nn.ModuleList", "torch.nn.ModuleDict", "torch.nn.DataParallel",
    "torch.nn.parallel.DistributedDataParallel", "torch.nn.TransformerEncoder", "torch.nn.TransformerDecoder",
)  # fmt: skip


def is_open(self: Instance) -> bool:
    """Whether the module may itself hold parameters or modules that are not seen."""
    if self.fields.get("~open") or self.fields.get("~more") or self.fields.get("~list") is not None or self.tainted:
        return True
    if not isinstance(self.cls, ClassValue) and not any(is_a(self, name) for name in CONTAINERS):
        return False
    return any(
        isinstance(value, (Unknown, Choice)) and isinstance(name, str) and not name.startswith("~")
        for name, value in self.fields.items()
    )


def complete(self: Instance) -> bool:
    """Whether everything that the module and those inside it hold is known."""
    return not any(is_open(inner) for _, inner in walk(self))


# -- arguments --------------------------------------------------------------------------------------------------------


def training(self: Instance) -> bool | None:
    """Whether the module is in training mode; None where that is not known."""
    return as_bool(self.fields.get("training"))


def ints_of(value: Value | None) -> tuple[Value, ...] | None:
    """The items of a tuple, list or torch.Size; None where it is none, or of unknown length."""
    if isinstance(value, Instance) and isinstance(value.fields.get("~items"), Sequence):
        value = value.fields["~items"]
    if isinstance(value, Sequence):
        return value.contents.items(limit=64)
    return None


def follows(cx: Context, *values: Value | None) -> Value:
    """What is made from something that is not known."""
    reason = next((value.reason for value in values if isinstance(value, Unknown)), None)
    made = cx.unknown(reason or "it is made from something that is not known")
    made.tainted = any(value is not None and value.tainted for value in values)
    return made
