"""Window functions: ``torch.hann_window`` and friends, ``torch.signal.windows``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Const, LibraryRef, Sequence, Value, as_dim
from foreshape.semantics.registry import REGISTRY, Parameters
from foreshape.semantics.torch.creation import made
from foreshape.semantics.torch.declare import op
from foreshape.semantics.torch.products import LONG
from foreshape.semantics.torch.sampling import number
from foreshape.semantics.torch.support import default_dtype, dtype_argument, given, invalid, is_floating, items_of

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def _declare_old(name: str) -> None:
    @op(name, method=False)
    def run(
        cx: Context, window_length: Value, periodic: Value | None = None, *more: Value, alpha: Value | None = None,
        beta: Value | None = None, dtype: Value | None = None, layout: Value | None = None,
        device: Value | None = None, requires_grad: Value | None = None, pin_memory: Value | None = None,
    ) -> Value:  # fmt: skip
        """One axis of ``window_length``. RuntimeError for a negative length or a dtype that is not floating."""
        size = as_dim(window_length)
        if isinstance(size, int) and size < 0:
            message = f"{name} requires non-negative window_length, got window_length={size}"
            raise invalid(cx, "RuntimeError", message, "window_length", size)
        wanted = dtype_argument(cx, dtype, default_dtype(cx), name)
        if wanted is not None and not is_floating(wanted):
            message = (
                f"{name} expects floating point dtypes, got: TensorOptions(dtype={LONG.get(wanted, wanted)}, device=cpu, "
                "layout=Strided (default), requires_grad=false (default), pinned_memory=false, memory_format=(nullopt))"
            )
            raise invalid(cx, "RuntimeError", message, "dtype", wanted)
        shape = (cx.fresh(lo=0) if size is None else size,)
        return made(cx, name, shape, wanted, device=device, requires_grad=requires_grad)


for _name in ("hann_window", "hamming_window", "bartlett_window", "blackman_window", "kaiser_window"):
    _declare_old(_name)


SETTINGS = {
    "bartlett": (), "blackman": (), "cosine": (), "hamming": (), "hann": (), "nuttall": (), "exponential": ("center", "tau"),
    "gaussian": ("std",), "general_cosine": ("a",), "general_hamming": ("alpha",), "kaiser": ("beta",),
}  # fmt: skip
"""The windows of ``torch.signal`` and their parameters."""


def _declare_new(name: str, settings: tuple[str, ...]) -> None:
    def run(cx: Context, M: Value, **more: Value) -> Value:  # noqa: N803 (the name that it has)
        """One axis of ``M``. ValueError for a negative length, another layout, dtypes but float32 and float64."""
        size = as_dim(M)
        layout = more.get("layout")
        if isinstance(layout, LibraryRef) and layout.name != "torch.strided":
            message = f"{name} is implemented for strided tensors only, got: {layout.name}"
            raise invalid(cx, "ValueError", message, "layout", layout.name)
        wanted = dtype_argument(cx, more.get("dtype"), default_dtype(cx), name)
        if wanted is not None and wanted not in ("float32", "float64"):
            message = f"{name} expects float32 or float64 dtypes, got: torch.{wanted}"
            raise invalid(cx, "ValueError", message, "dtype", wanted)
        if isinstance(size, int) and size < 0:
            message = f"{name} requires non-negative window length, got M={size}"
            raise invalid(cx, "ValueError", message, "M", size)
        _check_settings(cx, name, more)
        shape = (cx.fresh(lo=0) if size is None else size,)
        return made(cx, name, shape, wanted, device=more.get("device"), requires_grad=more.get("requires_grad"))

    op(f"signal.windows.{name}")(run)
    common = ("sym", "dtype", "layout", "device", "requires_grad")
    parameters = Parameters(lambda cx, M: None)  # noqa: N803 (the name that it has)
    parameters.keyword_only = (*settings, *common)
    parameters.defaults = dict.fromkeys(parameters.keyword_only)
    parameters.required = ("M",)
    REGISTRY.rules[f"torch.signal.windows.{name}"][-1].parameters = parameters


def _check_settings(cx: Context, name: str, more: dict[str, Value]) -> None:
    tau, std, beta = number(more.get("tau")), number(more.get("std")), number(more.get("beta"))
    if name == "exponential":
        sym = more.get("sym")
        symmetric = sym is None or (isinstance(sym, Const) and bool(sym.value))
        if tau is not None and tau <= 0:
            raise invalid(cx, "ValueError", f"Tau must be positive, got: {tau:g} instead.", "tau", tau)
        if symmetric and given(more.get("center")):
            raise invalid(cx, "ValueError", "Center must be None for symmetric windows", "center", "given")
    if name == "gaussian" and std is not None and std <= 0:
        message = f"Standard deviation must be positive, got: {std:g} instead."
        raise invalid(cx, "ValueError", message, "std", std)
    if name == "kaiser" and beta is not None and beta < 0:
        raise invalid(cx, "ValueError", f"beta must be non-negative, got: {beta:g} instead.", "beta", beta)
    if name == "general_cosine" and "a" in more:
        weights = more["a"]
        if isinstance(weights, Const):
            raise invalid(cx, "TypeError", "Coefficients must be a list/tuple", "a", weights.value)
        if isinstance(weights, Sequence) and items_of(weights) == ():
            raise invalid(cx, "ValueError", "Coefficients cannot be empty", "a", "[]")


for _name, _settings in SETTINGS.items():
    _declare_new(_name, _settings)
