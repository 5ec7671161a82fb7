"""Dropout as functions and as modules. Follows ``torch/nn/functional.py`` and ``torch/nn/modules/dropout.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Const, Instance, Sequence, Typed, Value, as_bool
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.torch.nn.base import FALSE, MODULE, NONE, forward_rule, init_module, kept, training
from foreshape.semantics.torch.nn.common import dtype_fault, rank_fault
from foreshape.semantics.torch.nn.tables import parameters, register
from foreshape.semantics.torch.support import (
    invalid,
    is_integral,
    python_type,
    required,
    scalar_name,
    tensor,
    unknown_tensor,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

HALF = Const(0.5)
KINDS = {
    "dropout": ("Dropout", 0), "dropout1d": ("Dropout1d", 1), "dropout2d": ("Dropout2d", 2),
    "dropout3d": ("Dropout3d", 3), "alpha_dropout": ("AlphaDropout", 0),
    "feature_alpha_dropout": ("FeatureAlphaDropout", 2),
}  # fmt: skip
library_type("torch.nn.modules.dropout._DropoutNd", MODULE)


def check_probability(cx: Context, p: Value) -> None:
    """Between 0 and 1."""
    if not isinstance(p, (Const, Typed, Sequence)):
        return
    if isinstance(p, Const) and isinstance(p.value, (int, float)):
        if p.value < 0 or p.value > 1:
            message = f"dropout probability has to be between 0 and 1, but got {p.value}"
            raise invalid(cx, "ValueError", message, "p", p.value)
    elif python_type(p) not in ("int", "float", "bool"):
        kind = "int"
        message = f"'<' not supported between instances of '{python_type(p)}' and '{kind}'"
        raise invalid(cx, "TypeError", message, "p", cx.text(p), p)


def dropped(cx: Context, kind: str, input: Value, p: Value, mode: bool | None, inplace: bool = False) -> Value:
    """The input's shape."""
    check_probability(cx, p)
    name = {"dropout1d": "feature_dropout", "dropout2d": "feature_dropout", "dropout3d": "feature_dropout"}.get(
        kind, kind
    )
    x = required(cx, input, f"{name}_" if inplace else name)
    if x is None:
        return unknown_tensor(cx, input)
    if x.shape is None:
        return tensor(cx, None, x.dtype, x)
    rank = len(x.shape)
    if kind == "dropout1d" and rank not in (2, 3):
        message = (
            f"dropout1d: Expected 2D or 3D input, but received a {rank}D input. Note that dropout1d exists to provide "
            "channel-wise dropout on inputs with 1 spatial dimension, a channel dimension, and an optional batch dimension "
            "(i.e. 2D or 3D inputs)."
        )
        raise rank_fault(cx, "RuntimeError", message, "Dropout1d", x, 3)
    given = p.value if isinstance(p, Const) and isinstance(p.value, (int, float)) else None
    made = tensor(cx, x.shape, x.dtype, x, roles=x.roles)
    if mode is not False and given not in (0, 1) and name.startswith("feature") and rank < 2 and kind != "dropout3d":
        message = "Feature dropout requires at least 2 dimensions in the input"
        if mode:
            raise rank_fault(cx, "RuntimeError", message, KINDS[kind][0], x, 2, at_least=True)
    if mode and is_integral(x.dtype) and given not in (0, None) and (given != 1 or kind == "alpha"):
        message = f"result type Float can't be cast to the desired output type {scalar_name(x.dtype)}"
        fault = dtype_fault(cx, "RuntimeError", message, KINDS[kind][0], x, wanted="float32")
        fault.recover = made
        raise fault
    if inplace and isinstance(input, Array):
        cx.rebind(input, made)
    return made


def _function(kind: str) -> None:
    default_mode = "alpha" not in kind

    def apply(
        cx: Context, input: Value, p: Value = HALF, training: Value | None = None, inplace: Value = FALSE
    ) -> Value:
        """The input's shape."""
        mode = default_mode if training is None else as_bool(training)
        return dropped(cx, kind, input, p, mode, as_bool(inplace) is True)

    register(f"torch.nn.functional.{kind}", apply, parameters("input", p=0.5, training=default_mode, inplace=False))


def _module(kind: str, cls: str) -> None:
    name = library_type(f"torch.nn.{cls}", "torch.nn.modules.dropout._DropoutNd")

    @forward_rule(f"{name}.forward")
    def forward(cx: Context, self: Instance, input: Value) -> Value:
        """The input's shape."""
        inplace = as_bool(self.fields.get("inplace")) is True and "alpha" not in kind
        return dropped(cx, kind, input, self.fields["p"], training(self), inplace)


@rule("torch.nn.modules.dropout._DropoutNd.__init__")
def dropout_init(cx: Context, self: Instance, p: Value = HALF, inplace: Value = FALSE) -> Value:
    """Keeps the probability."""
    init_module(cx, self)
    check_probability(cx, p)
    kept(cx, self, p=p, inplace=inplace)
    return NONE


@rule("torch.dropout", "torch.feature_dropout", "torch.alpha_dropout", "torch.feature_alpha_dropout")
def torch_dropout(cx: Context, input: Value, p: Value, train: Value) -> Value:
    """The input's shape."""
    return dropped(cx, "dropout", input, p, as_bool(train))


for _kind, (_class, _axes) in KINDS.items():
    _function(_kind)
    _module(_kind, _class)
