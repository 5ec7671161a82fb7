"""Transforms of random variables, the distributions that they make, and distributions over matrices.

https://docs.pytorch.org/docs/stable/distributions.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array, Const, Instance, LibraryRef, Typed, Value, as_bool, as_int
from foreshape.semantics.registry import attribute, constant, library_type, rule
from foreshape.semantics.torch.distributions import BASE, parameters_of, settle, shapes_of
from foreshape.semantics.torch.elementwise import operand
from foreshape.semantics.torch.support import broadcast, given, invalid, items_of, size_of, tensor, unknown_tensor
from foreshape.semantics.torch.types import size_value

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

P: Final = "torch.distributions."
TRANSFORM: Final = library_type(P + "transforms.Transform")
SAME: Final = ("AbsTransform", "AffineTransform", "ExpTransform", "PowerTransform", "SigmoidTransform",
               "SoftplusTransform", "TanhTransform")  # fmt: skip
"""Transforms of each element by itself."""
OTHERS: Final = ("ComposeTransform", "CorrCholeskyTransform", "IndependentTransform", "LowerCholeskyTransform",
                 "PositiveDefiniteTransform", "ReshapeTransform", "SoftmaxTransform", "StackTransform",
                 "StickBreakingTransform", "CatTransform", "CumulativeDistributionTransform")  # fmt: skip


def _declared(name: str) -> None:
    library_type(f"{P}transforms.{name}", TRANSFORM)

    @constant(P + name)
    def short(cx: Context) -> Value:
        """The module of the distributions shows it, too."""
        return LibraryRef(f"{P}transforms.{name}")


for _name in (*SAME, *OTHERS):
    _declared(_name)


@rule(f"{TRANSFORM}.__init__")
def transform_init(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """The arguments."""
    for number, value in enumerate(args):
        cx.set(self, f"~{number}", value)
    for key, value in kwargs.items():
        cx.set(self, f"~{key}", value)
    return Const(None)


def _kind(self: Value) -> str:
    return (self.library_type or "").rpartition(".")[2] if isinstance(self, Instance) else ""


def _numbers(cx: Context, self: Instance) -> tuple[Array, ...] | None:
    """The parameters of a transform of each element by itself; None for others."""
    if _kind(self) not in SAME:
        return None
    names = {"AffineTransform": ("loc", "scale"), "PowerTransform": ("exponent",)}.get(_kind(self), ())
    found: list[Array] = []
    for place, name in enumerate(names):
        value = self.fields.get(f"~{name}", self.fields.get(f"~{place}"))
        one = operand(cx, _kind(self), value, name, 1) if isinstance(value, Value) else None
        if one is None:
            return None
        found.append(one)
    event = self.fields.get("~event_dim", self.fields.get("~2"))
    return tuple(found) if not isinstance(event, Value) or as_int(event) == 0 else None


@rule(f"{TRANSFORM}.__call__", f"{TRANSFORM}.log_abs_det_jacobian")
def transformed(cx: Context, self: Instance, x: Value, y: Value | None = None) -> Value:
    """The same shape, broadcast with the parameters of the transform."""
    numbers = _numbers(cx, self)
    if numbers is None or not isinstance(x, Array):
        return unknown_tensor(cx, x)
    return tensor(cx, broadcast(cx, _kind(self), x, *numbers), x.dtype, x, *numbers, strides=None)


@attribute(f"{TRANSFORM}.inv")
def inverse(cx: Context, self: Instance) -> Value:
    """The inverse of a transform of each element is one, too."""
    return self if _numbers(cx, self) is not None else cx.unknown("the inverse of a transform")


@rule(P + "TransformedDistribution.__init__")
def transformed_distribution(
    cx: Context, self: Instance, base_distribution: Value, transforms: Value, validate_args: Value | None = None
) -> Value:
    """The batch and the event of the base where each element is transformed by itself; else not followed."""
    batch, event, like = shapes_of(cx, base_distribution)
    cx.set(self, "base_dist", base_distribution)
    parts = (transforms,) if isinstance(transforms, Instance) else items_of(transforms)
    numbers = [_numbers(cx, part) if isinstance(part, Instance) else None for part in parts or (transforms,)]
    if batch is None or event is None or any(found is None for found in numbers):
        return settle(cx, self, None, None, like)
    whole = tensor(cx, (*batch, *event), like.dtype, like)
    operands = [one for found in numbers for one in found or ()]
    shape = broadcast(cx, "TransformedDistribution", whole, *operands)
    if shape is None:
        return settle(cx, self, None, None, like)
    cut = len(shape) - len(event)
    return settle(cx, self, shape[:cut], shape[cut:], tensor(cx, shape, like.dtype, like, *operands))


# -- distributions over vectors and matrices -----------------------------------------------------------------------------
for _name in ("LowRankMultivariateNormal", "LogisticNormal", "LKJCholesky", "Wishart"):
    library_type(P + _name, BASE)


@rule(P + "LowRankMultivariateNormal.__init__")
def low_rank_normal(
    cx: Context, self: Instance, loc: Value, cov_factor: Value, cov_diag: Value, validate_args: Value | None = None
) -> Value:
    """The last axis of the mean is the event."""
    like, _ = parameters_of(cx, "LowRankMultivariateNormal", {"loc": loc, "cov_diag": cov_diag})
    cx.set(self, "loc", loc)
    known = isinstance(cov_factor, Array) and cov_factor.shape is not None and len(cov_factor.shape) >= 2
    if like is None or not like.shape or not known:
        return settle(cx, self, None, None, like or tensor(cx, None, None))
    assert isinstance(cov_factor, Array) and cov_factor.shape is not None
    front = broadcast(
        cx,
        "LowRankMultivariateNormal",
        tensor(cx, like.shape[:-1], like.dtype),
        tensor(cx, cov_factor.shape[:-2], None),
    )
    if front is None:
        return settle(cx, self, None, None, like)
    return settle(cx, self, front, like.shape[-1:], tensor(cx, (*front, like.shape[-1]), like.dtype, like, cov_factor))


@rule(P + "LogisticNormal.__init__")
def logistic_normal(cx: Context, self: Instance, loc: Value, scale: Value, validate_args: Value | None = None) -> Value:
    """Shares of one class more than the mean has entries."""
    like, _ = parameters_of(cx, "LogisticNormal", {"loc": loc, "scale": scale})
    if like is None or not like.shape:
        return settle(cx, self, None, None, like or tensor(cx, None, None))
    event = (like.shape[-1] + 1,)
    return settle(cx, self, like.shape[:-1], event, tensor(cx, (*like.shape[:-1], *event), like.dtype, like))


@rule(P + "LKJCholesky.__init__")
def lkj_cholesky(
    cx: Context, self: Instance, dim: Value, concentration: Value | None = None, validate_args: Value | None = None
) -> Value:
    """The event is a square matrix of ``dim`` rows."""
    like, _ = parameters_of(cx, "LKJCholesky", {"concentration": concentration or Const(1.0)})
    size = size_of(cx, dim)
    if like is None or like.shape is None or size is None:
        return settle(cx, self, None, None, like or tensor(cx, None, None))
    return settle(cx, self, like.shape, (size, size), tensor(cx, (*like.shape, size, size), like.dtype, like))


@rule(P + "Wishart.__init__")
def wishart(
    cx: Context, self: Instance, df: Value, covariance_matrix: Value | None = None,
    precision_matrix: Value | None = None, scale_tril: Value | None = None, validate_args: Value | None = None,
) -> Value:  # fmt: skip
    """The event is a square matrix like the one that is given."""
    matrices = [one for one in (covariance_matrix, precision_matrix, scale_tril) if given(one)]
    if len(matrices) != 1:
        message = "Exactly one of covariance_matrix or precision_matrix or scale_tril may be specified."
        raise invalid(cx, "ValueError", message, "covariance_matrix", f"{len(matrices)} matrices")
    like, _ = parameters_of(cx, "Wishart", {"df": df})
    matrix = matrices[0]
    if like is None or like.shape is None or not isinstance(matrix, Array) or not matrix.shape or len(matrix.shape) < 2:
        return settle(cx, self, None, None, like or tensor(cx, None, None))
    front = broadcast(cx, "Wishart", like, tensor(cx, matrix.shape[:-2], like.dtype))
    if front is None:
        return settle(cx, self, None, None, like)
    event = matrix.shape[-2:]
    return settle(cx, self, front, event, tensor(cx, (*front, *event), matrix.dtype, like, matrix))


@attribute(P + "MultivariateNormal.covariance_matrix", P + "MultivariateNormal.precision_matrix",
           P + "MultivariateNormal.scale_tril")  # fmt: skip
def matrix_of(cx: Context, self: Instance) -> Value:
    """(batch, event, event)."""
    batch, event, like = shapes_of(cx, self)
    shape = None if batch is None or event is None else (*batch, *event, *event)
    return tensor(cx, shape, like.dtype, like, strides=None)


# -- what can be asked of all ----------------------------------------------------------------------------------------------
@attribute(f"{BASE}.has_rsample", f"{BASE}.has_enumerate_support")
def ability(cx: Context, self: Instance) -> Value:
    """A bool."""
    return Typed("bool")


@attribute(f"{BASE}.param_shape")
def param_shape(cx: Context, self: Instance) -> Value:
    """The shape of the probabilities."""
    _, _, like = shapes_of(cx, self)
    return cx.unknown("the probabilities are not known") if like.shape is None else size_value(like.shape)


@rule(P + "Categorical.enumerate_support", P + "Bernoulli.enumerate_support")
def enumerate_support(cx: Context, self: Instance, expand: Value | None = None) -> Value:
    """Every value that may be drawn, along a first axis; without ``expand`` the others are 1."""
    batch, _, like = shapes_of(cx, self)
    wide = True if expand is None else as_bool(expand)
    whole = _kind(self) == "Categorical"
    if batch is None or wide is None or not (like.shape or not whole):
        return unknown_tensor(cx, like)
    count = 2 if not whole else (like.shape or (2,))[-1]
    shape = (count, *(batch if wide else (1,) * len(batch)))
    return tensor(cx, shape, "int64" if whole else like.dtype, like, strides=None, differentiable=False)
