"""Activations as functions and as modules. Follows ``torch/nn/functional.py`` and ``torch/nn/modules/activation.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foreshape.domain.values import Array, Bound, Const, Instance, Value, as_bool, as_dim, as_str, is_none
from foreshape.faults.base import Fault
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.torch.nn.base import (
    MODULE,
    NONE,
    ONE,
    add_parameter,
    factory,
    forward_rule,
    init_module,
    kept,
)
from foreshape.semantics.torch.nn.common import dtype_fault, feature_fault, parameter_sizes, rank_fault, written
from foreshape.semantics.torch.nn.tables import parameters, register
from foreshape.semantics.torch.support import (
    axis_in,
    error,
    float_result,
    invalid,
    is_complex,
    is_floating,
    is_integral,
    must_be,
    not_implemented,
    required,
    scalar_name,
    surely_no_tensor,
    tensor,
    unknown_tensor,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

SAME, FLOAT, KERNEL, CLAMP, RELU = "same", "float", "kernel", "clamp", "relu"
"""What becomes of dtypes: kept; integers become floats; only floats; no bool; no bool (another text)."""


METHODS = {"sigmoid": "sigmoid", "tanh": "tanh", "tanhshrink": "tanh", "softsign": "abs"}
"""What a function asks of its input: ``F.tanh(x)`` is ``x.tanh()``."""


class Activation:
    """One activation. kernel: how messages name it. lo, hi: bounds of its values. method: it is ``input.tanh()``."""

    __slots__ = ("defaults", "hi", "kernel", "kind", "lo", "method", "name", "shown")

    def __init__(
        self,
        name: str,
        kind: str,
        kernel: str = "",
        lo: Bound = None,
        hi: Bound = None,
        method: bool = False,
        shown: str = "",
        **defaults: object,
    ) -> None:
        self.name = name
        self.kind = kind
        self.kernel = kernel
        self.lo = lo
        self.hi = hi
        self.method = method
        self.shown = shown or name
        self.defaults = defaults


TABLE = {
    activation.name: activation
    for activation in (
        Activation("relu", RELU, lo=0, inplace=False),
        Activation("relu6", CLAMP, lo=0, hi=6, inplace=False),
        Activation("elu", KERNEL, "elu_cpu", alpha=1.0, inplace=False),
        Activation("selu", KERNEL, "elu_cpu", inplace=False),
        Activation("celu", KERNEL, "elu_cpu", alpha=1.0, inplace=False),
        Activation("gelu", KERNEL, "GeluKernelImpl", approximate="none"),
        Activation("silu", KERNEL, "silu_cpu", inplace=False),
        Activation("mish", KERNEL, "mish_cpu", inplace=False),
        Activation("sigmoid", FLOAT, lo=0, hi=1, method=True),
        Activation("logsigmoid", KERNEL, "log_sigmoid_cpu", hi=0, shown="log_sigmoid"),
        Activation("tanh", FLOAT, lo=-1, hi=1, method=True),
        Activation("tanhshrink", FLOAT),
        Activation("softplus", KERNEL, "softplus_cpu", lo=0, beta=1.0, threshold=20.0),
        Activation("softshrink", KERNEL, "softshrink_check", lambd=0.5),
        Activation("softsign", FLOAT, lo=-1, hi=1),
        Activation("hardshrink", KERNEL, "hardshrink_cpu", lambd=0.5),
        Activation("hardsigmoid", KERNEL, "hardsigmoid_cpu", lo=0, hi=1, inplace=False),
        Activation("hardswish", KERNEL, "hardswish_cpu", inplace=False),
        Activation("hardtanh", CLAMP, min_val=-1.0, max_val=1.0, inplace=False),
        Activation("leaky_relu", KERNEL, "leaky_relu_cpu", negative_slope=0.01, inplace=False),
        Activation("rrelu", KERNEL, "leaky_relu_cpu", lower=1 / 8, upper=1 / 3, training=False, inplace=False),
    )
}


def activate(cx: Context, activation: Activation, input: Value, bound: dict[str, Any], function: bool = False) -> Value:
    """The result: the input's shape."""
    _arguments(cx, activation, bound)
    method = METHODS.get(activation.name)
    if method is not None and (function or activation.name not in ("sigmoid", "tanh")):
        _has_method(cx, method, input)
    x = required(cx, input, activation.shown)
    if x is None:
        return unknown_tensor(cx, input)
    dtype = float_result(cx, x.dtype) if activation.kind == FLOAT else x.dtype
    inplace = as_bool(bound.get("inplace")) is True
    made = tensor(
        cx,
        x.shape,
        dtype,
        x,
        lo=activation.lo,
        hi=activation.hi,
        roles=x.roles,
        strides=x.meta.get("strides", "contiguous"),
    )
    if activation.name == "sigmoid":
        made.meta = {**made.meta, "sigmoid": True}  # for the loss that takes it itself
    fault = _dtype_fault(cx, activation, x)
    if fault is not None:
        fault.recover = made
        raise fault
    if inplace:
        cx.rebind(x, made)
    return made


def _known(value: object) -> bool:
    """Whether it is a known real number."""
    return isinstance(value, Const) and isinstance(value.value, (int, float))


def _above(a: object, b: object) -> bool:
    """Whether one known number is greater than another."""
    return isinstance(a, Const) and isinstance(b, Const) and _known(a) and _known(b) and bool(a.value > b.value)


def _arguments(cx: Context, activation: Activation, bound: dict[str, Any]) -> None:
    if activation.name == "gelu":
        word = as_str(bound.get("approximate"))
        if word is None and isinstance(bound.get("approximate"), Const):
            raise must_be(cx, "gelu", "approximate", 0, "str", bound["approximate"])
        if word is not None and word not in ("none", "tanh"):
            message = "approximate argument must be either none or tanh."
            raise invalid(cx, "RuntimeError", message, "approximate", repr(word))
    low, high = bound.get("min_val"), bound.get("max_val")
    if _above(low, high):
        raise invalid(cx, "ValueError", "min_val cannot be greater than max_val", "min_val", cx.text(low))
    low, high = bound.get("lower"), bound.get("upper")
    if _above(low, high):
        message = "Lower bound should be less than or equal to the upper bound"
        raise invalid(cx, "RuntimeError", message, "lower", cx.text(low))
    least = bound.get("lambd")
    if activation.name == "softshrink" and isinstance(least, Const) and isinstance(least.value, (int, float)):
        if least.value < 0:
            message = f"lambda must be in range [0, 3.40282e+38] for input dtype Float, but found {least.value}"
            raise invalid(cx, "RuntimeError", message, "lambd", least.value)
    alpha = bound.get("alpha")
    if activation.name == "celu" and isinstance(alpha, Const) and alpha.value == 0 and alpha.value is not False:
        raise invalid(cx, "RuntimeError", "ZeroDivisionError: alpha cannot be 0 for CELU", "alpha", alpha.value)


def _has_method(cx: Context, method: str, input: Value) -> None:
    """``F.tanh(x)`` is ``x.tanh()``: an AttributeError for what has no such method."""
    from foreshape.semantics.torch.support import python_type

    if not surely_no_tensor(input):
        return
    from foreshape.faults.missing_attribute import MissingAttribute

    kind = python_type(input)
    message = f"'{kind}' object has no attribute '{method}'"
    raise MissingAttribute(error(cx, "AttributeError", message), values=(input,), owner=kind, attribute=method)


def _dtype_fault(cx: Context, activation: Activation, x: Array) -> Fault | None:
    if x.dtype is None or is_floating(x.dtype):
        return None
    if activation.kind == KERNEL:
        if activation.name == "silu" and is_complex(x.dtype):
            return None
        return not_implemented(cx, activation.kernel, x, activation.name)
    if x.dtype == "bool":
        if activation.kind == RELU:
            return dtype_fault(cx, "RuntimeError", "Boolean inputs not supported for relu", activation.name, x)
        if activation.kind == CLAMP:
            return dtype_fault(cx, "RuntimeError", "Bool inputs not supported for hardtanh", activation.name, x)
        if activation.name == "softsign":
            return not_implemented(cx, "abs_cpu", x, activation.name)
        if activation.name == "tanhshrink":
            message = (
                "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, "
                "use the `~` or `logical_not()` operator instead."
            )
            return dtype_fault(cx, "RuntimeError", message, activation.name, x)
    if activation.name == "hardtanh" and x.dtype == "uint8":
        message = "cannot do hardtanh on an unsigned type with negative limits"
        return dtype_fault(cx, "RuntimeError", message, activation.name, x)
    if is_complex(x.dtype) and activation.kind in (RELU, CLAMP):
        return dtype_fault(cx, "NotImplementedError", "clamp is not supported for complex types", activation.name, x)
    return None


def _function(activation: Activation) -> None:
    def apply(cx: Context, input: Value, **bound: Value) -> Value:
        """An activation: the input's shape."""
        out = bound.pop("out", None)
        return written(cx, activation.shown, activate(cx, activation, input, bound, True), out, input)

    spec = parameters("input", **activation.defaults)
    if activation.name in ("gelu", "logsigmoid", "hardshrink", "softplus", "softshrink"):
        spec.keyword_only, spec.defaults = ("out",), {**spec.defaults, "out": None}
    if activation.name == "gelu":
        spec.positional, spec.keyword_only = ("input",), ("approximate", "out")
    register(f"torch.nn.functional.{activation.name}", apply, spec)
    if activation.name in ("celu", "rrelu"):
        less = {name: value for name, value in activation.defaults.items() if name != "inplace"}
        register(f"torch.{activation.name}", apply, parameters("input", **less))
    if activation.name in ("relu", "elu", "selu", "celu", "hardtanh", "leaky_relu", "rrelu"):
        less = {name: value for name, value in activation.defaults.items() if name != "inplace"}

        def apply_inplace(cx: Context, input: Value, **bound: Value) -> Value:
            """An activation in place."""
            return activate(cx, activation, input, {**bound, "inplace": Const(True)})

        register(f"torch.nn.functional.{activation.name}_", apply_inplace, parameters("input", **less))


MODULES = {
    "ReLU": "relu", "ReLU6": "relu6", "ELU": "elu", "SELU": "selu", "CELU": "celu", "GELU": "gelu", "SiLU": "silu",
    "Mish": "mish", "Sigmoid": "sigmoid", "LogSigmoid": "logsigmoid", "Tanh": "tanh", "Tanhshrink": "tanhshrink",
    "Softplus": "softplus", "Softshrink": "softshrink", "Softsign": "softsign", "Hardshrink": "hardshrink",
    "Hardsigmoid": "hardsigmoid", "Hardswish": "hardswish", "Hardtanh": "hardtanh", "LeakyReLU": "leaky_relu",
    "RReLU": "rrelu",
}  # fmt: skip


def _module(cls: str, activation: Activation) -> None:
    name = library_type(f"torch.nn.{cls}", MODULE)
    defaults = {key: value for key, value in activation.defaults.items() if key != "training"}

    def init(cx: Context, self: Instance, **bound: Value) -> Value:
        """Keeps its arguments."""
        init_module(cx, self)
        kept(cx, self, **bound)
        for more, plain in (("min_value", "min_val"), ("max_value", "max_val")):
            value = bound.get(more)
            if value is not None and not is_none(value):
                cx.set(self, plain, value)
        if cls == "Hardtanh":
            _ordered(cx, self)
        return NONE

    more = {"min_value": None, "max_value": None} if cls == "Hardtanh" else {}
    spec = parameters("self", **defaults, **more)

    def init_all(cx: Context, self: Instance, **bound: Value) -> Value:
        """Keeps its arguments, the defaults too."""
        return init(cx, self, **{**spec.defaults, **bound})

    register(f"{name}.__init__", init_all, spec)

    @forward_rule(f"{name}.forward")
    def forward(cx: Context, self: Instance, input: Value) -> Value:
        """The input's shape."""
        bound = {key: self.fields[key] for key in defaults if isinstance(self.fields.get(key), Value)}
        return activate(cx, activation, input, bound)


def _ordered(cx: Context, self: Instance) -> None:
    low, high = self.fields.get("min_val"), self.fields.get("max_val")
    if isinstance(low, Const) and isinstance(high, Const) and not _above(high, low):
        raise invalid(
            cx,
            "AssertionError",
            f"max_val ({high.value}) must be greater than min_val ({low.value})",
            "max_val",
            high.value,
        )


for _name in TABLE:
    _function(TABLE[_name])
for _class, _name in MODULES.items():
    _module(_class, TABLE[_name])


# -- with parameters --------------------------------------------------------------------------------------------------


def prelu(cx: Context, input: Value, weight: Value) -> Value:
    """One slope, or one per channel (axis 1)."""
    x = required(cx, input, "prelu")
    w = required(cx, weight, "prelu", "weight", 2)
    if x is None or w is None:
        return unknown_tensor(cx, input, weight)
    if x.shape is None or w.shape is None:
        return tensor(cx, x.shape, x.dtype, x, w)
    made = tensor(cx, x.shape, x.dtype, x, w, roles=x.roles)
    if x.dtype is not None and w.dtype is not None and x.dtype != w.dtype:
        message = f"prelu: Type promoting not supported. Got {scalar_name(x.dtype)} and {scalar_name(w.dtype)}"
        fault = dtype_fault(cx, "RuntimeError", message, "prelu", x, w, wanted=w.dtype)
        fault.recover = made
        raise fault
    if len(w.shape) > 1:
        message = f"prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = {len(w.shape)}"
        raise rank_fault(cx, "RuntimeError", message, "prelu", w, 1)
    count = w.shape[0] if w.shape else 1
    if isinstance(count, int) and count == 1:
        return made
    if not x.shape:
        raise rank_fault(cx, "RuntimeError", "Not allow zero-dim input tensor.", "prelu", x, 1, at_least=True)
    channels = x.shape[1] if len(x.shape) > 1 else 1
    if not cx.equal(channels, count):
        message = (
            f"Mismatch of parameter numbers and input channel size. Found parameter numbers = {count} and channel size = "
            f"{channels}."
        )
        raise feature_fault(cx, error(cx, "RuntimeError", message), "PReLU", x, count, channels, 1 - len(x.shape))
    return made


@rule("torch.nn.functional.prelu", "torch.prelu")
def prelu_function(cx: Context, input: Value, weight: Value) -> Value:
    """The input's shape."""
    return prelu(cx, input, weight)


@rule(library_type("torch.nn.PReLU", MODULE) + ".__init__")
def prelu_init(
    cx: Context,
    self: Instance,
    num_parameters: Value = ONE,
    init: Value = Const(0.25),  # noqa: B008
    device: Value | None = None,
    dtype: Value | None = None,
) -> Value:
    """weight (num_parameters,)."""
    from foreshape.semantics.torch.support import python_type

    init_module(cx, self)
    kept(cx, self, num_parameters=num_parameters, init=init)
    if isinstance(num_parameters, Const) and as_dim(num_parameters) is None:
        message = f"empty(): argument 'size' (position 1) must be tuple of ints, not {python_type(num_parameters)}"
        raise invalid(cx, "TypeError", message, "num_parameters", cx.text(num_parameters))
    add_parameter(cx, self, "weight", parameter_sizes(cx, (num_parameters,)), factory(cx, dtype, device))
    return NONE


@forward_rule("torch.nn.PReLU.forward")
def prelu_forward(cx: Context, self: Instance, input: Value) -> Value:
    """The input's shape."""
    return prelu(cx, input, self.fields.get("weight", NONE))


# -- threshold --------------------------------------------------------------------------------------------------------


def _threshold(cx: Context, input: Value) -> Value:
    x = required(cx, input, "threshold")
    if x is None:
        return unknown_tensor(cx, input)
    if x.dtype == "bool" or is_complex(x.dtype):
        raise not_implemented(cx, "threshold_cpu", x, "threshold")
    return tensor(cx, x.shape, x.dtype, x, roles=x.roles)


@rule("torch.nn.functional.threshold", "torch.nn.functional.threshold_", "torch.threshold")
def threshold(
    cx: Context,
    input: Value,
    threshold: Value,
    value: Value,
    inplace: Value = Const(False),  # noqa: B008
) -> Value:
    """The input's shape."""
    return _threshold(cx, input)


@rule(library_type("torch.nn.Threshold", MODULE) + ".__init__")
def threshold_init(
    cx: Context,
    self: Instance,
    threshold: Value,
    value: Value,
    inplace: Value = Const(False),  # noqa: B008
) -> Value:
    """Keeps its arguments."""
    init_module(cx, self)
    kept(cx, self, threshold=threshold, value=value, inplace=inplace)
    return NONE


@forward_rule("torch.nn.Threshold.forward")
def threshold_forward(cx: Context, self: Instance, input: Value) -> Value:
    """The input's shape."""
    limit = self.fields.get("threshold")
    if isinstance(limit, Const) and isinstance(limit.value, str):
        raise must_be(cx, "threshold", "threshold", 2, "Number", limit)
    return _threshold(cx, input)


# -- gated ------------------------------------------------------------------------------------------------------------


@rule("torch.nn.functional.glu")
def glu(cx: Context, input: Value, dim: Value = Const(-1)) -> Value:  # noqa: B008
    """Half as many along an axis: one half times the sigmoid of the other."""
    x = required(cx, input, "glu")
    if x is None:
        return unknown_tensor(cx, input)
    if x.shape is None:
        return tensor(cx, None, x.dtype, x)
    if not x.shape:
        message = "glu does not support scalars because halving size must be even"
        raise rank_fault(cx, "RuntimeError", message, "glu", x, 1, at_least=True)
    asked = as_dim(dim)
    if not isinstance(asked, int):
        return tensor(cx, tuple(cx.fresh(lo=0) for _ in x.shape), x.dtype, x)
    axis = axis_in(cx, "glu", asked, len(x.shape), x)
    size = x.shape[axis]
    if isinstance(size, int) and size % 2:
        message = f"Halving dimension must be even, but dimension {axis} is size {size}"
        raise invalid(cx, "RuntimeError", message, "dim", axis, x)
    made = tensor(cx, (*x.shape[:axis], size // 2, *x.shape[axis + 1 :]), x.dtype, x, roles=x.roles)
    if is_integral(x.dtype):
        raise not_implemented(cx, "glu_cpu", x, "glu", recover=made)
    return made


@rule(library_type("torch.nn.GLU", MODULE) + ".__init__")
def glu_init(cx: Context, self: Instance, dim: Value = Const(-1)) -> Value:  # noqa: B008
    """Keeps the axis."""
    init_module(cx, self)
    kept(cx, self, dim=dim)
    return NONE


@forward_rule("torch.nn.GLU.forward")
def glu_forward(cx: Context, self: Instance, input: Value) -> Value:
    """Half as many along an axis."""
    return glu(cx, input, self.fields["dim"])


@rule("torch.Tensor.prelu")
def prelu_method(cx: Context, self: Value, weight: Value) -> Value:
    """The tensor's shape."""
    return prelu(cx, self, weight)
