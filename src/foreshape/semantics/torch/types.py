"""``torch.dtype``, ``torch.device``, ``torch.Size``, ``torch.finfo`` and the classes of tensors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain import dtype as dtypes
from foreshape.domain.contents import Contents
from foreshape.domain.dim import product
from foreshape.domain.join import ACCELERATOR
from foreshape.domain.values import (
    Const,
    Instance,
    LibraryRef,
    Sequence,
    Shape,
    Typed,
    Value,
    as_dim,
    as_str,
    int_value,
    is_none,
)
from foreshape.semantics.registry import attribute, constant, library_type, rule
from foreshape.semantics.torch.support import (
    ANY_DEVICE,
    AUTO,
    DTYPES,
    default_dtype,
    device_name,
    dtype_of,
    dtype_value,
    invalid,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

library_type("torch.Tensor")
library_type("torch.dtype")
library_type("torch.device")
library_type("torch.Size", "builtins.tuple")
library_type("torch.finfo")
library_type("torch.iinfo")
library_type("torch.layout")
library_type("torch.memory_format")

ALIASES: Final = {
    "float": "float32", "double": "float64", "half": "float16", "int": "int32", "long": "int64", "short": "int16",
    "cfloat": "complex64", "cdouble": "complex128", "chalf": "complex32",
}  # fmt: skip

for _alias, _name in ALIASES.items():

    def _dtype(cx: Context, name: str = _name) -> Value:
        return dtype_value(name)

    constant(f"torch.{_alias}")(_dtype)

for _name in DTYPES:

    def _floating(cx: Context, name: str = _name) -> Value:
        return Const(dtypes.is_floating(name))

    def _complex(cx: Context, name: str = _name) -> Value:
        return Const(dtypes.is_complex(name))

    def _signed(cx: Context, name: str = _name) -> Value:
        return Const(dtypes.kind(name) in ("i", "f", "c"))

    def _itemsize(cx: Context, name: str = _name) -> Value:
        return Const(dtypes.width(name))

    constant(f"torch.{_name}.is_floating_point")(_floating)
    constant(f"torch.{_name}.is_complex")(_complex)
    constant(f"torch.{_name}.is_signed")(_signed)
    constant(f"torch.{_name}.itemsize")(_itemsize)


@constant("torch.pi")
def pi(cx: Context) -> Value:
    return Const(3.141592653589793)


@constant("torch.e")
def e(cx: Context) -> Value:
    return Const(2.718281828459045)


@constant("torch.inf")
def inf(cx: Context) -> Value:
    return Const(float("inf"))


@constant("torch.nan")
def nan(cx: Context) -> Value:
    return Const(float("nan"))


@constant("torch.newaxis")
def newaxis(cx: Context) -> Value:
    return Const(None)


@rule("torch.set_default_dtype")
def set_default_dtype(cx: Context, d: Value, /) -> Value:
    """What Python floats become from now on. TypeError for a dtype that is not floating."""
    found = dtype_of(d)
    if found is not None and not dtypes.is_floating(found):
        message = f"only floating-point types are supported as the default type, but got torch.{found}"
        raise invalid(cx, "TypeError", message, "d", f"torch.{found}", recover=Const(None))
    cx.set(cx.state("torch"), "default_dtype", found)
    return Const(None)


@rule("torch.set_default_tensor_type")
def set_default_tensor_type(cx: Context, t: Value, /) -> Value:
    """``torch.FloatTensor`` or its name."""
    text = as_str(t) or (t.name if isinstance(t, LibraryRef) else "")
    name = text.rpartition(".")[2].removesuffix("Tensor").lower()
    cx.set(cx.state("torch"), "default_dtype", dtypes.canonical(name, "torch"))
    return Const(None)


@rule("torch.get_default_dtype")
def get_default_dtype(cx: Context) -> Value:
    """A dtype."""
    return dtype_value(default_dtype(cx))


# -- Size ------------------------------------------------------------------------------------------------------------


def size_value(shape: Shape) -> Sequence:
    """A ``torch.Size``: a tuple of ints."""
    return Sequence("tuple", Contents(tuple(int_value(dim) for dim in shape)))


@rule("torch.Size")
def size(cx: Context, iterable: Value | None = None, /) -> Value:
    """A tuple of ints. TypeError for anything but ints in it."""
    return Sequence("tuple", Contents()) if iterable is None else cx.rule("builtins.tuple", iterable)


@rule("builtins.tuple.numel")
def numel(cx: Context, self: Sequence) -> Value:
    """The product of a ``torch.Size``."""
    found = [as_dim(item) for item in self.contents.items(64) or ()]
    if len(found) != self.contents.length or any(dim is None for dim in found):
        return Typed("int", lo=0)
    return int_value(product([dim for dim in found if dim is not None]))


# -- device ----------------------------------------------------------------------------------------------------------


def device_value(name: str | None) -> Value:
    """A ``torch.device``; one that is not known has a type that is not known."""
    ref = LibraryRef("torch.device")
    if name == AUTO:
        return Instance(ref, {"type": Typed("str", condition=ACCELERATOR), "index": Typed("int")})
    if name is None or name == ANY_DEVICE:
        return Instance(ref, {"type": Typed("str"), "index": Typed("int")})
    kind, _, index = name.partition(":")
    if not index and kind not in ("cpu", "meta"):
        index = "0"
    return Instance(ref, {"type": Const(kind), "index": Const(int(index)) if index else Const(None)})


KINDS_OF_DEVICE: Final = (
    "cpu", "cuda", "ipu", "xpu", "mkldnn", "opengl", "opencl", "ideep", "hip", "ve", "fpga", "maia", "xla", "lazy",
    "vulkan", "mps", "meta", "hpu", "mtia", "privateuseone",
)  # fmt: skip


def check_device(cx: Context, text: str | None) -> None:
    """RuntimeError for a name that no device has."""
    if text is None:
        return
    kind, colon, number = text.partition(":")
    if kind not in KINDS_OF_DEVICE or (colon and not number.isdigit()):
        message = f"Invalid device string: '{text}'"
        if kind not in KINDS_OF_DEVICE:
            message = f"Expected one of {', '.join(KINDS_OF_DEVICE)} device type at start of device string: {kind}"
        cx.report(invalid(cx, "RuntimeError", message, "device", repr(text)))


@rule("torch.device.__init__")
def device_init(cx: Context, self: Instance, type: Value, index: Value | None = None) -> Value:
    """From a name ("cuda:1"), a name and an index, or an index. RuntimeError for a name that is none."""
    text = as_str(type)
    if text is None:
        found = device_name(type)
        made = device_value(found)
        assert isinstance(made, Instance)
        for key in ("type", "index"):
            cx.set(self, key, made.fields[key])
        return Const(None)
    check_device(cx, text)
    kind, _, number = text.partition(":")
    cx.set(self, "type", Const(kind))
    cx.set(self, "index", Const(int(number)) if number.isdigit() else index if index is not None else Const(None))
    return Const(None)


@rule("torch.device.__binary__")
def device_binary(cx: Context, self: Instance, operator: Value, other: Value, reflected: Value) -> Value:
    """Comparison of devices."""
    word = as_str(operator)
    if word not in ("==", "!="):
        return cx.unknown("an operation on devices")
    if is_none(other) or as_str(other) is not None:
        return Const(word == "!=")
    a, b = device_name(self), device_name(other)
    if ANY_DEVICE in (a, b) or AUTO in (a, b) or a is None or b is None:
        return Typed("bool")
    return Const((a == b) is (word == "=="))


@rule("torch.device.__enter__")
def device_enter(cx: Context, self: Instance) -> Value:
    """Tensors are made there inside of the block: not followed."""
    return self


# -- finfo -----------------------------------------------------------------------------------------------------------

_FLOAT_LIMITS: Final = {
    "float16": (65504.0, 6.103515625e-05, 0.0009765625, 16), "bfloat16": (3.3895313892515355e38, 1.17549435e-38, 0.0078125, 16),
    "float32": (3.4028234663852886e38, 1.1754943508222875e-38, 1.1920928955078125e-07, 32),
    "float64": (1.7976931348623157e308, 2.2250738585072014e-308, 2.220446049250313e-16, 64),
}  # fmt: skip


@rule("torch.finfo.__init__")
def finfo_init(cx: Context, self: Instance, type: Value | None = None) -> Value:
    """The limits of a floating dtype. TypeError for an integer one."""
    name = default_dtype(cx) if type is None else dtype_of(type)
    if name is not None and dtypes.is_complex(name):
        name = dtypes.real_part(name)
    if name is not None and not dtypes.is_floating(name):
        message = f"torch.finfo() requires a floating point input type. Use torch.iinfo to handle 'torch.{name}'"
        raise invalid(cx, "TypeError", message, "type", f"torch.{name}")
    limits = _FLOAT_LIMITS.get(name or "")
    for key, place in (("max", 0), ("tiny", 1), ("smallest_normal", 1), ("eps", 2), ("resolution", 2), ("bits", 3)):
        exact = limits is not None and key != "resolution"
        cx.set(self, key, Const(limits[place]) if exact and limits is not None else Typed("float"))
    cx.set(self, "min", Const(-limits[0]) if limits is not None else Typed("float"))
    cx.set(self, "dtype", Const(name) if name is not None else Typed("str"))
    return Const(None)


@rule("torch.iinfo.__init__")
def iinfo_init(cx: Context, self: Instance, type: Value) -> Value:
    """The limits of an integer dtype. TypeError for a floating one."""
    name = dtype_of(type)
    if name is not None and not dtypes.is_integer(name):
        message = f"torch.iinfo() requires an integer input type. Use torch.finfo to handle 'torch.{name}'"
        raise invalid(cx, "TypeError", message, "type", f"torch.{name}")
    limits = None if name is None else dtypes.integer_range(name)
    cx.set(self, "min", Const(limits[0]) if limits is not None else Typed("int"))
    cx.set(self, "max", Const(limits[1]) if limits is not None else Typed("int"))
    cx.set(self, "bits", Const(8 * dtypes.width(name)) if name is not None else Typed("int"))
    cx.set(self, "dtype", Const(name) if name is not None else Typed("str"))
    return Const(None)


@rule("torch.is_tensor")
def is_tensor(cx: Context, obj: Value, /) -> Value:
    """A bool."""
    answer = cx.is_instance(obj, "torch.Tensor")
    return Typed("bool") if answer is None else Const(answer)


@rule("torch.promote_types")
def promote_types(cx: Context, type1: Value, type2: Value) -> Value:
    """A dtype."""
    a, b = dtype_of(type1), dtype_of(type2)
    return (
        cx.unknown("a dtype is not known") if a is None or b is None else dtype_value(dtypes.promote_torch_types(a, b))
    )


@rule("torch.result_type")
def result_type(cx: Context, tensor1: Value, tensor2: Value) -> Value:
    """A dtype."""
    from foreshape.semantics.torch.support import result_dtype

    return dtype_value(result_dtype(cx, tensor1, tensor2))


@rule("torch.can_cast")
def can_cast_rule(cx: Context, from_: Value, to: Value) -> Value:
    """A bool."""
    from foreshape.semantics.torch.support import can_cast

    a, b = dtype_of(from_), dtype_of(to)
    return Typed("bool") if a is None or b is None else Const(can_cast(a, b))


@attribute("torch.Size.__class__")
def size_class(cx: Context, self: Value) -> Value:
    return LibraryRef("torch.Size")
