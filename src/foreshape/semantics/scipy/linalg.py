"""Factors and solutions of ``scipy.linalg``, more special functions, and distributions.

https://docs.scipy.org/doc/scipy/reference/linalg.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Const, Typed, Unknown, Value, is_none
from foreshape.semantics.numpy.array_from import as_array
from foreshape.semantics.numpy.support import listed, made
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.domain.dim import DimLike
    from foreshape.semantics.protocol import Context


def _square(cx: Context, a: Value) -> tuple[tuple[DimLike, ...], str | None] | None:
    """The shape of a square matrix, or of several, and the dtype of what is made of it."""
    array = as_array(cx, a)
    if isinstance(array, Unknown) or array.shape is None or len(array.shape) < 2:
        return None
    return array.shape, "float64" if array.dtype in ("float64", "int64", "int32", "bool") else None


@rule("scipy.linalg.cholesky", "scipy.linalg.inv", "scipy.linalg.expm", "scipy.linalg.sqrtm", "scipy.linalg.logm")
def same(cx: Context, a: Value, *args: Value, **kwargs: Value) -> Value:
    """A matrix of the same shape."""
    found = _square(cx, a)
    return cx.unknown("the matrix is not known") if found is None else made(*found)


@rule("scipy.linalg.eigvalsh", "scipy.linalg.svdvals")
def values(cx: Context, a: Value, *args: Value, **kwargs: Value) -> Value:
    """One number for each row."""
    found = _square(cx, a)
    if found is None or args or kwargs or len(found[0]) != 2 or not cx.equal(*found[0]):
        return cx.unknown("how many values there are is not known")
    return made(found[0][:1], found[1])


@rule("scipy.linalg.eigh")
def eigh(cx: Context, a: Value, b: Value | None = None, **kwargs: Value) -> Value:
    """(values, vectors)."""
    found = _square(cx, a)
    if found is None or kwargs or len(found[0]) != 2:
        return cx.unknown("the eigenvalues are not known")
    return listed("tuple", [made(found[0][:1], found[1]), made(*found)])


@rule("scipy.linalg.det")
def det(cx: Context, a: Value, **kwargs: Value) -> Value:
    found = _square(cx, a)
    return cx.unknown("the matrix is not known") if found is None else made(found[0][:-2], found[1])


@rule("scipy.linalg.solve", "scipy.linalg.solve_triangular", "scipy.linalg.cho_solve")
def solve(cx: Context, a: Value, b: Value, *args: Value, **kwargs: Value) -> Value:
    """The shape of the right side."""
    right = as_array(cx, b)
    if isinstance(right, Unknown) or right.shape is None or len(right.shape) > 2:
        return cx.unknown("the right side is not known")
    return made(right.shape, "float64" if right.dtype == "float64" else None)


@rule("scipy.linalg.eig", "scipy.linalg.svd", "scipy.linalg.qr", "scipy.linalg.lu", "scipy.linalg.lstsq",
      "scipy.linalg.norm", "scipy.linalg.pinv", "scipy.linalg.lu_factor", "scipy.linalg.cho_factor", "scipy.linalg.toeplitz",
      "scipy.linalg.block_diag", "scipy.linalg.schur", "scipy.linalg.null_space", "scipy.linalg.orth")  # fmt: skip
def factors(cx: Context, *args: Value, **kwargs: Value) -> Value:
    return cx.unknown("this of scipy.linalg is not modelled")


@rule("scipy.special.digamma", "scipy.special.psi", "scipy.special.erfinv", "scipy.special.erfc", "scipy.special.loggamma",
      "scipy.special.i0", "scipy.special.i1", "scipy.special.j0", "scipy.special.j1", "scipy.special.log1p",
      "scipy.special.expm1", "scipy.special.exp2", "scipy.special.log_expit", "scipy.special.ndtr",
      "scipy.special.ndtri", "scipy.special.entr", "scipy.special.factorial")  # fmt: skip
def elementwise(cx: Context, x: Value, /, out: Value | None = None, **kwargs: Value) -> Value:
    """The shape of x."""
    if out is not None and not is_none(out):
        return out
    array = as_array(cx, x)
    if isinstance(array, Unknown):
        return array
    return made(array.shape, array.dtype if array.dtype in ("float32", "float64") else None, roles=array.roles)


@rule("scipy.special.binom", "scipy.special.comb", "scipy.special.perm", "scipy.special.inv_boxcox", "scipy.special.boxcox",
      "scipy.special.xlogy", "scipy.special.beta", "scipy.special.betaln", "scipy.special.rel_entr")  # fmt: skip
def of_two(cx: Context, x: Value, y: Value, *args: Value, **kwargs: Value) -> Value:
    """The two broadcast."""
    if args or kwargs:
        return cx.unknown("a special function with more arguments is not modelled")
    found = cx.binary("*", x, y)
    if isinstance(found, Array) and found.kind == "numpy":
        return made(found.shape, "float64" if found.dtype in ("float64", "int64") else None)
    return Typed("float") if isinstance(found, (Const, Typed)) else cx.unknown("the arguments are not known")


_LAWS = (
    "norm uniform expon gamma beta truncnorm lognorm multinomial poisson binom bernoulli chi2 t f geom nbinom laplace "
    "weibull_min cauchy multivariate_normal dirichlet randint"
)
_ASKED = "pdf cdf ppf sf isf logpdf logcdf logsf pmf logpmf fit mean std var interval entropy expect"
_KNOWN = frozenset(f"scipy.stats.norm.{name}" for name in ["pdf", "cdf", "ppf", "logpdf", "sf"])


@rule(*(f"scipy.stats.{law}.{asked}" for law in _LAWS.split() for asked in _ASKED.split()
        if f"scipy.stats.{law}.{asked}" not in _KNOWN),
      "scipy.stats.multinomial.rvs", "scipy.stats.poisson.rvs", "scipy.stats.multivariate_normal.rvs",
      "scipy.stats.linregress", "scipy.stats.fisher_exact", "scipy.stats.boxcox", "scipy.stats.wasserstein_distance",
      "scipy.optimize.minimize", "scipy.optimize.linprog", "scipy.optimize.minimize_scalar", "scipy.optimize.root",
      "scipy.optimize.brentq", "scipy.optimize.differential_evolution")  # fmt: skip
def of_a_law(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """A function that is handed over is called by them."""
    for value in args[:1]:
        cx.forget(value)
    return cx.unknown("what a distribution or a search gives is not modelled")
