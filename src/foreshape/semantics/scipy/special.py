"""``scipy.special``: functions of each element, and those along an axis.

https://docs.scipy.org/doc/scipy/reference/special.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array, Const, Int, Typed, Unknown, Value, is_none
from foreshape.semantics.numpy.array_from import as_array
from foreshape.semantics.numpy.support import flag, given, made
from foreshape.semantics.registry import rule
from foreshape.semantics.scipy.signals import real, shaped

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

SMALL: Final = frozenset({"float16", "int8", "uint8", "int16", "uint16", "bool"})


@rule("scipy.special.softmax", "scipy.special.log_softmax")
def along_axis(cx: Context, x: Value, axis: Value | None = None) -> Value:
    return shaped(as_array(cx, x))


@rule("scipy.special.expit", "scipy.special.erf", "scipy.special.logit", "scipy.special.gamma", "scipy.special.gammaln",
      "scipy.special.digamma", "scipy.special.psi", "scipy.special.erfinv", "scipy.special.erfc", "scipy.special.loggamma",
      "scipy.special.i0", "scipy.special.i1", "scipy.special.j0", "scipy.special.j1", "scipy.special.log1p",
      "scipy.special.expm1", "scipy.special.exp2", "scipy.special.log_expit", "scipy.special.ndtr",
      "scipy.special.ndtri", "scipy.special.entr")  # fmt: skip
def elementwise(cx: Context, x: Value, /, out: Value | None = None, **kwargs: Value) -> Value:
    """A ufunc, with the keywords of all ufuncs. Which float small integers become is not the same for all."""
    if out is not None and not is_none(out):
        return out
    array = as_array(cx, x)
    if isinstance(array, Array) and array.dtype in SMALL:
        return made(array.shape, None, roles=array.roles)
    return shaped(array)


@rule("scipy.special.factorial")
def factorial(cx: Context, n: Value, exact: Value | None = None, extend: Value | None = None) -> Value:
    """The shape of n; exact ones are ints, as large as they need be."""
    array, precise = as_array(cx, n), flag(exact)
    if isinstance(array, Unknown) or precise is None:
        return cx.unknown("the factorials are not known")
    if precise:
        return Typed("int", lo=0) if isinstance(n, (Const, Typed, Int)) else made(array.shape, None)
    return made(array.shape, "float64", roles=array.roles)


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


@rule("scipy.special.logsumexp")
def logsumexp(
    cx: Context,
    a: Value,
    axis: Value | None = None,
    b: Value | None = None,
    keepdims: Value | None = None,
    return_sign: Value | None = None,
) -> Value:
    if given(return_sign):
        return cx.unknown("signs are not modelled")
    found = cx.rule(
        "numpy.sum", a, **{key: value for key, value in (("axis", axis), ("keepdims", keepdims)) if value is not None}
    )
    return made(found.shape, real(found.dtype)) if isinstance(found, Array) else found
