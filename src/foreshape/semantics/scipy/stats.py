"""``scipy.stats``: distributions, tests, summaries.

https://docs.scipy.org/doc/scipy/reference/stats.html
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.values import Array, Instance, LibraryRef, Shape, Typed, Unknown, Value
from foreshape.semantics.numpy.array_from import as_array
from foreshape.semantics.numpy.random import drawn
from foreshape.semantics.numpy.support import given, listed, made, shape_argument
from foreshape.semantics.registry import rule
from foreshape.semantics.scipy.signals import real, shaped
from foreshape.semantics.shared.broadcast import broadcast_shapes

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

P: Final = "scipy.stats."


@rule("scipy.stats.zscore", doc="https://docs.scipy.org/doc/scipy/reference/generated/scipy.stats.zscore.html")
def zscore(
    cx: Context, a: Value, axis: Value | None = None, ddof: Value | None = None, nan_policy: Value | None = None
) -> Value:
    """The shape of a."""
    if isinstance(a, Instance) and a.snapshot is not None:
        return cx.call_method(a, "rank") if cx.is_instance(a, "pandas.Series") else cx.unknown("z-scores of a frame")
    return shaped(as_array(cx, a))


def _result(names: dict[str, Value], **others: Value) -> Value:
    """A tuple with names, and names of what is not in the tuple."""
    fields: dict[Hashable, Any] = {"~items": listed("tuple", names.values())}
    return Instance(LibraryRef("scipy.stats.~Result"), fields | names | others)


@rule(
    "scipy.stats.pearsonr",
    "scipy.stats.spearmanr",
    "scipy.stats.ttest_ind",
    "scipy.stats.kendalltau",
    "scipy.stats.ttest_rel",
    "scipy.stats.ks_2samp",
    "scipy.stats.mannwhitneyu",
    "scipy.stats.wilcoxon",
    "scipy.stats.shapiro",
    "scipy.stats.normaltest",
    "scipy.stats.f_oneway",
)
def test_statistic(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """A statistic and its p-value. Of samples of several axes each is an array."""
    if kwargs:
        return cx.unknown("the result of a test")
    samples = [as_array(cx, one) for one in args]
    flat = all(isinstance(one, Array) and one.shape is not None and len(one.shape) == 1 for one in samples)
    several = Unknown("of several axes")
    first, second = (Typed("float"), Typed("float", lo=0.0)) if flat else (several, several)
    return _result({"statistic": first, "pvalue": second}, correlation=first)


@rule("scipy.stats.fisher_exact")
def fisher_exact(cx: Context, table: Value, alternative: Value | None = None, *, method: Value | None = None) -> Value:
    """As of a test."""
    return _result({"statistic": Typed("float"), "pvalue": Typed("float", lo=0.0)})


@rule("scipy.stats.linregress")
def linregress(cx: Context, x: Value, y: Value, alternative: Value | None = None) -> Value:
    """The line through points: a tuple of five numbers with names, and one that has only a name."""
    number = made((), "float64")
    names = ("slope", "intercept", "rvalue", "pvalue", "stderr")
    return _result(dict.fromkeys(names, number), intercept_stderr=number)


@rule("scipy.stats.wasserstein_distance")
def wasserstein_distance(
    cx: Context, u_values: Value, v_values: Value, u_weights: Value | None = None, v_weights: Value | None = None
) -> Value:
    return made((), "float64")


@rule("scipy.stats.boxcox")
def boxcox(
    cx: Context, x: Value, lmbda: Value | None = None, alpha: Value | None = None, optimizer: Value | None = None
) -> Value:
    """The shape of x; with the exponent that was found where none is given."""
    moved = shaped(as_array(cx, x))
    if given(lmbda):
        return moved
    return cx.unknown("an interval of exponents") if given(alpha) else listed("tuple", [moved, made((), "float64")])


@rule("scipy.stats.skew", "scipy.stats.kurtosis", "scipy.stats.iqr", "scipy.stats.entropy", "scipy.stats.sem")
def summary(cx: Context, a: Value, *args: Value, **kwargs: Value) -> Value:
    array = as_array(cx, a)
    if isinstance(array, Array) and array.shape is not None and len(array.shape) == 1 and not args and not kwargs:
        return made((), real(array.dtype))
    return cx.unknown("a summary that is not modelled")


# -- distributions ----------
CONTINUOUS: Final = {
    0: "norm uniform expon laplace logistic cauchy halfnorm halfcauchy rayleigh maxwell gumbel_l gumbel_r arcsine levy "
    "semicircular hypsecant",
    1: "gamma chi2 chi t lognorm weibull_min weibull_max pareto lomax powerlaw genextreme genpareto gompertz invgamma "
    "invgauss skewnorm gennorm erlang loggamma nakagami rice triang vonmises dweibull dgamma exponnorm genlogistic",
    2: "beta f truncnorm betaprime loguniform reciprocal trapezoid burr johnsonsu gengamma exponweib norminvgauss",
}
"""Distributions by the number of parameters that say their shape, as ``gamma(a, loc, scale)`` has one."""
DISCRETE: Final = {
    1: "bernoulli poisson geom logser zipf",
    2: "binom nbinom randint skellam",
    3: "hypergeom betabinom",
}
OF_EACH: Final = "cdf sf logcdf logsf"
OF_PARAMETERS: Final = "mean median var std entropy"


def _laws(asked: str, tables: tuple[dict[int, str], ...] = (CONTINUOUS, DISCRETE)) -> list[str]:
    """The full names of what is asked of every distribution."""
    laws = [law for table in tables for names in table.values() for law in names.split()]
    return [f"{P}{law}.{name}" for law in laws for name in asked.split()]


def _together(cx: Context, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Shape | None:
    """The shape that arguments broadcast to; None where it is not known."""
    arrays = [as_array(cx, value) for value in (*args, *kwargs.values())]
    shapes = [array.shape for array in arrays if isinstance(array, Array) and array.shape is not None]
    found = broadcast_shapes(*shapes, facts=cx.facts) if len(shapes) == len(arrays) else None
    return None if found is None or found.failed is not None else found.shape


@rule(*_laws(f"{OF_EACH} pdf logpdf", (CONTINUOUS,)))
def density(cx: Context, x: Value, *args: Value, **kwargs: Value) -> Value:
    """x and the parameters broadcast: float64, whatever x is."""
    return made(_together(cx, (x, *args), kwargs), "float64")


@rule(*_laws(f"{OF_EACH} pmf logpmf", (DISCRETE,)))
def mass(cx: Context, k: Value, *args: Value, **kwargs: Value) -> Value:
    """As of the continuous ones."""
    return made(_together(cx, (k, *args), kwargs), "float64")


@rule(*_laws("ppf isf"))
def quantile(cx: Context, q: Value, *args: Value, **kwargs: Value) -> Value:
    """q and the parameters broadcast."""
    return made(_together(cx, (q, *args), kwargs), "float64")


@rule(*_laws(OF_PARAMETERS))
def moment(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """One number for each set of parameters."""
    return made(_together(cx, args, kwargs), "float64")


@rule(*_laws("interval"))
def interval(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """(lower, upper)."""
    shape = _together(cx, args, kwargs)
    return listed("tuple", [made(shape, "float64"), made(shape, "float64")])


def _law(law: str, shapes: int, discrete: bool) -> None:
    """What hangs on how many parameters a distribution has: ``size`` comes after them, and ``fit`` gives them."""
    parameters, dtype = (shapes + 1, "int64") if discrete else (shapes + 2, "float64")

    @rule(f"{P}{law}.rvs")
    def rvs(cx: Context, *args: Value, **kwargs: Value) -> Value:
        """``size``, or what the parameters broadcast to; Python's own int for one that is discrete."""
        size = args[parameters] if len(args) > parameters else kwargs.get("size")
        if size is not None and given(size):
            return made(shape_argument(cx, size), dtype)
        named = [value for key, value in kwargs.items() if key not in ("size", "random_state")]
        return drawn(cx, None, "rvs", (*args[:parameters], *named), dtype, None, None, "int" if discrete else None)

    if not discrete:

        @rule(f"{P}{law}.fit")
        def fit(cx: Context, data: Value, *args: Value, **kwargs: Value) -> Value:
            """The parameters: those that say the shape, ``loc``, ``scale``. One that is held keeps its type."""
            held = bool(kwargs.keys() - {"method", "loc", "scale", "optimizer"})
            return listed("tuple", [Typed("float") if held else made((), "float64") for _ in range(parameters)])


for _table in (CONTINUOUS, DISCRETE):
    for _shapes, _names in _table.items():
        for _name in _names.split():
            _law(_name, _shapes, _table is DISCRETE)
