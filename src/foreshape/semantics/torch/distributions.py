"""``torch.distributions``: batch and event shapes, samples, densities.

An object keeps ``~batch`` and ``~event`` (shapes, None where not known), ``~like`` (a tensor of both together, for dtype, device and
gradients) and ``~whole`` (its samples are int64). Its parameters are attributes, broadcast to one shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.compare import eq
from foreshape.domain.values import Array, Const, Instance, LibraryRef, Sequence, Shape, Value, as_int, is_none
from foreshape.faults.base import Fault
from foreshape.semantics.registry import REGISTRY, attribute, constant, library_type, rule
from foreshape.semantics.torch.declare import signature
from foreshape.semantics.torch.elementwise import operand, result_of
from foreshape.semantics.torch.support import (
    broadcast,
    default_dtype,
    error,
    given,
    invalid,
    is_integral,
    sizes,
    tensor,
    unknown_tensor,
)
from foreshape.semantics.torch.types import size_value

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

BASE: Final = "torch.distributions.Distribution"
DOC: Final = "https://docs.pytorch.org/docs/stable/distributions.html"
PLAIN: Final = {
    "Normal": "loc, scale", "LogNormal": "loc, scale", "Laplace": "loc, scale", "Cauchy": "loc, scale", "Gumbel": "loc, scale",
    "Uniform": "low, high", "Beta": "concentration1, concentration0", "Gamma": "concentration, rate", "Exponential": "rate",
    "InverseGamma": "concentration, rate", "Poisson": "rate", "HalfNormal": "scale", "HalfCauchy": "scale", "Chi2": "df",
    "StudentT": "df, loc=, scale=", "Weibull": "scale, concentration", "Pareto": "scale, alpha",
    "Kumaraswamy": "concentration1, concentration0", "VonMises": "loc, concentration", "FisherSnedecor": "df1, df2",
}  # fmt: skip
"""Distributions of single numbers, with their parameters."""
CHANCES: Final = {
    "Bernoulli": "", "Geometric": "", "ContinuousBernoulli": "", "Binomial": "total_count=", "NegativeBinomial": "total_count",
    "RelaxedBernoulli": "temperature",
}  # fmt: skip
"""Distributions of single numbers that take probabilities or logits, with what stands before them."""
CLASSES: Final = {
    "Categorical": "", "OneHotCategorical": "", "OneHotCategoricalStraightThrough": "", "Multinomial": "total_count=",
    "RelaxedOneHotCategorical": "temperature",
}  # fmt: skip
"""Distributions over classes, which are the last axis of the probabilities."""
MODULES: Final = {
    "Normal": "normal", "Categorical": "categorical", "Bernoulli": "bernoulli", "Uniform": "uniform", "Beta": "beta",
    "Gamma": "gamma", "Dirichlet": "dirichlet", "MultivariateNormal": "multivariate_normal", "Independent": "independent",
    "OneHotCategorical": "one_hot_categorical", "Poisson": "poisson", "Laplace": "laplace", "Exponential": "exponential",
    "MixtureSameFamily": "mixture_same_family", "TransformedDistribution": "transformed_distribution",
    "RelaxedOneHotCategorical": "relaxed_categorical", "Distribution": "distribution", "LogNormal": "log_normal",
}  # fmt: skip

library_type(BASE)
for _name in (*PLAIN, *CHANCES, *CLASSES, *MODULES):
    if _name != "Distribution":
        library_type(f"torch.distributions.{_name}", BASE)
for _name, _module in MODULES.items():

    def _same(cx: Context, name: str = _name) -> Value:
        return LibraryRef(f"torch.distributions.{name}")

    constant(f"torch.distributions.{_module}.{_name}")(_same)


# -- making them ---------------------------------------------------------------------------------------------------------


def declare(name: str, parameters: str, function: Any) -> None:
    """The constructor of a distribution."""
    full = f"torch.distributions.{name}.__init__"
    rule(full, doc=DOC)(function)
    REGISTRY.rules[full][-1].parameters = signature(f"self, {parameters}")


def settle(
    cx: Context, self: Instance, batch: Shape | None, event: Shape | None, like: Array, *, whole: bool = False
) -> Value:
    """Keep what a distribution is."""
    cx.set(self, "~batch", batch)
    cx.set(self, "~event", event)
    cx.set(self, "~like", like)
    cx.set(self, "~whole", whole)
    return Const(None)


def parameters_of(cx: Context, taker: str, values: Mapping[str, Value]) -> tuple[Array | None, dict[str, Array]]:
    """One tensor that stands for all parameters together; each of them broadcast to it. None where one is not known."""
    found: dict[str, Array] = {}
    for key, value in values.items():
        one = operand(cx, taker, value, key, 1)
        if one is None:
            return None, {}
        found[key] = one
    arrays = tuple(found.values())
    dtype = result_of(cx, *arrays)
    if is_integral(dtype) and all(is_number_array(one) for one in arrays):
        dtype = default_dtype(cx)
    like = tensor(cx, broadcast(cx, taker, *arrays), dtype, *arrays)
    return like, {key: tensor(cx, like.shape, one.dtype if not is_number_array(one) else dtype, one,
                             strides=None if one.shape != like.shape else "contiguous")
                  for key, one in found.items()}  # fmt: skip


def is_number_array(one: Array) -> bool:
    """Whether it stands for a Python number."""
    return bool(one.meta.get("number"))


def _plain(name: str, parameters: str) -> None:
    keys = [part.strip().rstrip("=") for part in parameters.split(",")]

    def run(cx: Context, self: Instance, validate_args: Value | None = None, **values: Value) -> Value:
        """Parameters of any shapes that go together; each element is a distribution of its own."""
        asked = {key: value if (value := values.get(key)) is not None else Const(1.0) for key in keys}
        like, found = parameters_of(cx, name, asked)
        for key in keys:
            cx.set(self, key, found.get(key, cx.unknown("a parameter is not known")))
        _check_positive(cx, name, asked)
        return settle(cx, self, None if like is None else like.shape, (), like or tensor(cx, None, None))

    declare(f"{name}", f"{parameters}, validate_args=", run)


POSITIVE: Final = ("scale", "rate", "concentration", "concentration0", "concentration1", "df", "df1", "df2", "alpha")


def _check_positive(cx: Context, name: str, values: Mapping[str, Value]) -> None:
    """ValueError for a number that is not above 0."""
    for key, value in values.items():
        if key not in POSITIVE or (name, key) == ("Poisson", "rate"):
            continue
        number = value.value if isinstance(value, Const) else None
        if isinstance(number, (int, float)) and number <= 0:
            message = (
                f"Expected parameter {key} (Tensor of shape ()) of distribution {name} to satisfy the constraint "
                "GreaterThan(lower_bound=0.0), but found invalid values"
            )
            raise invalid(cx, "ValueError", message, key, number)


def surely(value: Value | None) -> bool:
    """Whether something was given for certain."""
    return isinstance(value, (Array, Sequence)) or (isinstance(value, Const) and value.value is not None)


def chances(cx: Context, name: str, probs: Value | None, logits: Value | None) -> Value:
    """The probabilities or logits: one of both. ValueError for none or two."""
    if (is_none(probs) and is_none(logits)) or (surely(probs) and surely(logits)):
        message = "Either `probs` or `logits` must be specified, but not both."
        raise invalid(cx, "ValueError", message, "probs", "both" if given(probs) else "None")
    found = probs if given(probs) else logits
    return cx.unknown("the probabilities are not known") if found is None else found


def _of_chances(name: str, before: str, classes: bool) -> None:
    def run(
        cx: Context, self: Instance, probs: Value | None = None, logits: Value | None = None,
        validate_args: Value | None = None, **more: Value | None,
    ) -> Value:  # fmt: skip
        """From probabilities or logits."""
        asked = chances(cx, name, probs, logits)
        like, _ = parameters_of(cx, name, {"probs": asked})
        if like is None:
            like = tensor(cx, None, None)
        cx.set(self, "probs", tensor(cx, like.shape, like.dtype, like, lo=0, hi=1, loose=True))
        cx.set(self, "logits", tensor(cx, like.shape, like.dtype, like))
        if not classes:
            return settle(cx, self, like.shape, (), like)
        if like.shape == ():
            word = "probs" if given(probs) else "logits"
            message = f"`{word}` parameter must be at least one-dimensional."
            raise invalid(cx, "ValueError", message, word, "a scalar", like)
        batch = None if like.shape is None else like.shape[:-1]
        if name == "Categorical":
            return settle(cx, self, batch, (), like, whole=True)
        return settle(cx, self, batch, None if like.shape is None else like.shape[-1:], like)

    parameters = ", ".join(part for part in (before, "probs=", "logits=", "validate_args=") if part)
    declare(name, parameters, run)


for _name, _parameters in PLAIN.items():
    _plain(_name, _parameters)
for _name, _before in CHANCES.items():
    _of_chances(_name, _before, False)
for _name, _before in CLASSES.items():
    _of_chances(_name, _before, True)


@rule("torch.distributions.Dirichlet.__init__")
def dirichlet(cx: Context, self: Instance, concentration: Value, validate_args: Value | None = None) -> Value:
    """The last axis is the event."""
    like, _ = parameters_of(cx, "Dirichlet", {"concentration": concentration})
    cx.set(self, "concentration", concentration)
    if like is None or like.shape is None:
        return settle(cx, self, None, None, like or tensor(cx, None, None))
    if not like.shape:
        message = "`concentration` parameter must be at least one-dimensional."
        raise invalid(cx, "ValueError", message, "concentration", "a scalar", like)
    return settle(cx, self, like.shape[:-1], like.shape[-1:], like)


@rule("torch.distributions.MultivariateNormal.__init__")
def multivariate_normal(
    cx: Context, self: Instance, loc: Value, covariance_matrix: Value | None = None, precision_matrix: Value | None = None,
    scale_tril: Value | None = None, validate_args: Value | None = None,
) -> Value:  # fmt: skip
    """The last axis of the mean is the event."""
    matrices = [one for one in (covariance_matrix, precision_matrix, scale_tril) if given(one)]
    if len(matrices) != 1:
        message = "Exactly one of covariance_matrix or precision_matrix or scale_tril may be specified."
        raise invalid(cx, "ValueError", message, "covariance_matrix", f"{len(matrices)} matrices")
    mean, matrix = operand(cx, "MultivariateNormal", loc, "loc", 1), matrices[0]
    cx.set(self, "loc", loc)
    known = isinstance(matrix, Array) and matrix.shape is not None and len(matrix.shape) >= 2
    if mean is None or mean.shape is None or not known or not isinstance(matrix, Array) or matrix.shape is None:
        return settle(cx, self, None, None, tensor(cx, None, None if mean is None else mean.dtype))
    if not mean.shape:
        raise invalid(cx, "ValueError", "loc must be at least one-dimensional.", "loc", "a scalar", mean)
    front = broadcast(
        cx, "MultivariateNormal", tensor(cx, mean.shape[:-1], mean.dtype), tensor(cx, matrix.shape[:-2], mean.dtype)
    )
    whole = None if front is None else (*front, mean.shape[-1])
    return settle(cx, self, front, mean.shape[-1:], tensor(cx, whole, mean.dtype, mean, matrix))


@rule("torch.distributions.Independent.__init__")
def independent(
    cx: Context, self: Instance, base_distribution: Value, reinterpreted_batch_ndims: Value,
    validate_args: Value | None = None,
) -> Value:  # fmt: skip
    """The last axes of the batch belong to the event."""
    cx.set(self, "base_dist", base_distribution)
    count = as_int(reinterpreted_batch_ndims)
    batch, event, like = shapes_of(cx, base_distribution)
    if batch is None or event is None or count is None:
        return settle(cx, self, None, None, like)
    if count > len(batch):
        message = (
            f"Expected reinterpreted_batch_ndims <= len(base_distribution.batch_shape), actual {count} vs {len(batch)}"
        )
        raise invalid(cx, "ValueError", message, "reinterpreted_batch_ndims", count)
    cut = len(batch) - count
    return settle(cx, self, batch[:cut], (*batch[cut:], *event), like)


@rule("torch.distributions.MixtureSameFamily.__init__")
def mixture(
    cx: Context, self: Instance, mixture_distribution: Value, component_distribution: Value,
    validate_args: Value | None = None,
) -> Value:  # fmt: skip
    """The last axis of the batch of the components is the mixture."""
    batch, event, like = shapes_of(cx, component_distribution)
    if batch is None or event is None or not batch:
        return settle(cx, self, None, None, like)
    return settle(cx, self, batch[:-1], event, tensor(cx, (*batch[:-1], *event), like.dtype, like))


def shapes_of(cx: Context, value: Value) -> tuple[Shape | None, Shape | None, Array]:
    """Batch, event, and a tensor like both together."""
    if isinstance(value, Instance) and isinstance(value.fields.get("~like"), Array):
        return value.fields["~batch"], value.fields["~event"], value.fields["~like"]
    unsaid = tensor(cx, None, None)  # what it was made of may require gradients
    return None, None, unsaid.replace(meta={**unsaid.meta, "requires_grad": None})


# -- asking them ---------------------------------------------------------------------------------------------------------


def drawn(cx: Context, self: Instance, sample_shape: Value | None, *, differentiable: bool) -> Value:
    """A sample: the sample shape, the batch, the event."""
    batch, event, like = shapes_of(cx, self)
    front = () if sample_shape is None else sizes(cx, sample_shape)
    if sample_shape is not None and as_int(sample_shape) is not None:
        from foreshape.faults.python_error import PythonError

        message = "'int' object is not iterable"
        raise PythonError(error(cx, "TypeError", message), values=(sample_shape,), problem=message)
    shape = None if front is None or batch is None or event is None else (*front, *batch, *event)
    dtype = "int64" if self.fields.get("~whole") else like.dtype
    hi = None
    if self.fields.get("~whole") and like.shape:
        hi = like.shape[-1] - 1
    lo = 0 if hi is not None else None
    return tensor(cx, shape, dtype, like, lo=lo, hi=hi, loose=True, strides=None, differentiable=differentiable)


@rule(f"{BASE}.sample")
def sample(cx: Context, self: Instance, sample_shape: Value | None = None) -> Value:
    """Without gradients."""
    return drawn(cx, self, sample_shape, differentiable=False)


@rule(f"{BASE}.rsample")
def rsample(cx: Context, self: Instance, sample_shape: Value | None = None) -> Value:
    """With gradients. NotImplementedError for distributions of whole numbers."""
    if self.fields.get("~whole"):
        raise invalid(cx, "NotImplementedError", "", "rsample", "Categorical")
    return drawn(cx, self, sample_shape, differentiable=True)


@rule(f"{BASE}.sample_n")
def sample_n(cx: Context, self: Instance, n: Value) -> Value:
    """n samples."""
    batch, event, like = shapes_of(cx, self)
    count = sizes(cx, n)
    shape = None if count is None or batch is None or event is None else (*count, *batch, *event)
    dtype = "int64" if self.fields.get("~whole") else like.dtype
    return tensor(cx, shape, dtype, like, differentiable=False)


@rule(f"{BASE}.log_prob", f"{BASE}.cdf", f"{BASE}.icdf", f"{BASE}.prob")
def log_prob(cx: Context, self: Instance, value: Value) -> Value:
    """The batch, broadcast with the value. ValueError where they do not go together."""
    batch, event, like = shapes_of(cx, self)
    if not isinstance(value, Array) or value.kind != "torch":
        if isinstance(value, Const):
            message = "The value argument to log_prob must be a Tensor"
            raise invalid(cx, "ValueError", message, "value", cx.text(value))
        return unknown_tensor(cx, value)
    dtype = like.dtype if self.fields.get("~whole") or is_integral(value.dtype) else result_of(cx, value, like)
    if batch is None or event is None or value.shape is None:
        return tensor(cx, None, dtype, like, value)
    whole = (*batch, *event)
    for a, b in zip(reversed(value.shape), reversed(whole)):
        if not (a == 1 or b == 1 or not eq(a, b, cx.facts).is_no):
            raise _not_broadcastable(cx, value, value.shape, whole)
    together = broadcast(cx, "log_prob", tensor(cx, value.shape, dtype), tensor(cx, whole, dtype))
    shape = None if together is None else together[: len(together) - len(event)]
    if self.fields.get("~whole") and like.shape:
        _check_support(cx, self, value, like)
    return tensor(cx, shape, dtype, like, value)


def _not_broadcastable(cx: Context, value: Array, given_: Shape, whole: Shape) -> Fault:
    from foreshape.faults.broadcast_mismatch import BroadcastMismatch

    def text(shape: Shape) -> str:
        return f"torch.Size([{', '.join(map(str, shape))}])"

    message = f"Value is not broadcastable with batch_shape+event_shape: {text(given_)} vs {text(whole)}."
    return BroadcastMismatch(
        error(cx, "ValueError", message), values=(value,), taker="log_prob", shapes=(given_, whole)
    )


def _check_support(cx: Context, self: Instance, value: Array, like: Array) -> None:
    from foreshape.semantics.keras.ranges import reached

    assert like.shape is not None
    size = cx.resolve(like.shape[-1])
    found = reached(cx, value, size)
    if found is None:
        return
    from foreshape.faults.label_range import LabelRange

    message = (
        f"Expected value argument to be within the support (IntegerInterval(lower_bound=0, upper_bound={size - 1})) of the "
        "distribution Categorical, but found invalid values"
    )
    raise LabelRange(error(cx, "ValueError", message), values=(value,), loss="Categorical", label=found, classes=size)


@rule(f"{BASE}.entropy", f"{BASE}.perplexity")
def entropy(cx: Context, self: Instance) -> Value:
    """One number for each distribution."""
    batch, _, like = shapes_of(cx, self)
    return tensor(cx, batch, like.dtype, like)


@attribute(f"{BASE}.batch_shape")
def batch_shape(cx: Context, self: Instance) -> Value:
    """How many distributions."""
    batch, _, _ = shapes_of(cx, self)
    return cx.unknown("the batch is not known") if batch is None else size_value(batch)


@attribute(f"{BASE}.event_shape")
def event_shape(cx: Context, self: Instance) -> Value:
    """The shape of one sample of one distribution."""
    _, event, _ = shapes_of(cx, self)
    return cx.unknown("the event is not known") if event is None else size_value(event)


@attribute(f"{BASE}.mean", f"{BASE}.mode", f"{BASE}.stddev", f"{BASE}.variance")
def moment(cx: Context, self: Instance) -> Value:
    """As a sample."""
    batch, event, like = shapes_of(cx, self)
    shape = None if batch is None or event is None else (*batch, *event)
    return tensor(cx, shape, like.dtype, like)


@rule(f"{BASE}.expand")
def expand(cx: Context, self: Instance, batch_shape: Value, _instance: Value | None = None) -> Value:
    """The same with another batch."""
    _, event, like = shapes_of(cx, self)
    batch = sizes(cx, batch_shape)
    made = Instance(self.cls, dict(self.fields))
    if batch is not None and event is not None:
        settle(
            cx,
            made,
            batch,
            event,
            tensor(cx, (*batch, *event), like.dtype, like),
            whole=bool(self.fields.get("~whole")),
        )
    return made


@rule("torch.distributions.kl_divergence", "torch.distributions.kl.kl_divergence")
def kl_divergence(cx: Context, p: Value, q: Value) -> Value:
    """The batches, broadcast."""
    first, _, a = shapes_of(cx, p)
    second, _, b = shapes_of(cx, q)
    dtype = a.dtype if a.dtype == b.dtype else None
    if first is None or second is None:
        return tensor(cx, None, dtype, a, b)
    shape = broadcast(cx, "kl_divergence", tensor(cx, first, dtype), tensor(cx, second, dtype))
    return tensor(cx, shape, dtype, a, b)
