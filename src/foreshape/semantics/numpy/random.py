"""``numpy.random``: the module's functions, ``RandomState`` and ``Generator``, with bounds of what they draw."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.bounds import lower
from foreshape.domain.dim import Dim, DimLike, ge, product
from foreshape.domain.values import (
    Array,
    Bound,
    Const,
    Instance,
    LibraryRef,
    Sequence,
    Shape,
    Typed,
    Unknown,
    Value,
    as_dim,
    as_int,
    int_value,
)
from foreshape.faults.base import Raises
from foreshape.semantics.numpy.array_from import as_array
from foreshape.semantics.numpy.creation import sizes
from foreshape.semantics.numpy.dtypes import dtype_argument
from foreshape.semantics.numpy.support import (
    axis_of,
    bounds_of,
    flag,
    given,
    invalid,
    keeps,
    listed,
    made,
    python_shape,
    resolved,
    size_argument,
    type_fault,
    written,
)
from foreshape.semantics.numpy.tables import register
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC = "https://numpy.org/doc/stable/reference/random/generated/numpy.random."
LEGACY: Final = ("numpy.random", "numpy.random.RandomState")
GENERATOR: Final = "numpy.random.Generator"

library_type(GENERATOR)
library_type("numpy.random.RandomState")
library_type("numpy.random.BitGenerator")
for _name in ("MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"):
    library_type(f"numpy.random.{_name}", "numpy.random.BitGenerator")
library_type("numpy.random.SeedSequence")


@rule("numpy.random.RandomState.__init__", "numpy.random.BitGenerator.__init__")
def seeded_init(
    cx: Context, self: Value, seed: Value | None = None, counter: Value | None = None, key: Value | None = None
) -> Value:
    return Const(None)


@rule("numpy.random.SeedSequence.__init__")
def sequence_init(
    cx: Context, self: Value, entropy: Value | None = None, *, spawn_key: Value | None = None,
    pool_size: Value | None = None, n_children_spawned: Value | None = None,
) -> Value:  # fmt: skip
    return Const(None)


@rule("numpy.random.SeedSequence.generate_state")
def generate_state(cx: Context, self: Value, n_words: Value, dtype: Value | None = None) -> Value:
    return made((size_argument(cx, n_words, "generate_state"),), dtype_argument(cx, dtype, "uint32"))


@rule("numpy.random.Generator.__init__")
def generator_init(cx: Context, self: Value, bit_generator: Value) -> Value:
    return Const(None)


@rule("numpy.random.default_rng", doc=DOC + "default_rng.html")
def default_rng(cx: Context, seed: Value | None = None) -> Value:
    """A Generator."""
    return seed if isinstance(seed, Instance) and seed.library_type == GENERATOR else Instance(LibraryRef(GENERATOR))


# -- shapes of samples ------------------------------------------------------------------------------------------------
def sample_shape(cx: Context, size: Value | None, taker: str, *parameters: Value | None) -> Shape | bool | None:
    """``size`` where given, else the broadcast shape of the parameters; False for a single number."""
    if size is not None and given(size):
        return sizes(cx, size, taker)
    arrays = [as_array(cx, value) for value in parameters if value is not None and given(value)]
    full = [array for array in arrays if isinstance(array, Array)]
    if len(full) != len(arrays):
        return None
    if all(array.shape == () for array in full) and not any(
        isinstance(value, Array) and value.meta.get("0d") for value in parameters
    ):
        return False
    return _parameter_shape(cx, full, parameters)


def _parameter_shape(cx: Context, full: list[Array], values: tuple[Value | None, ...]) -> Shape | None:
    if any(array.shape is None for array in full):
        return None
    from foreshape.semantics.shared.broadcast import broadcast_shapes

    shapes = [resolved(cx, array.shape or ()) for array in full]
    found = broadcast_shapes(*shapes, facts=cx.facts)
    if found.failed is not None:
        raise _size_mismatch(shapes, found.failed.operands or (0, 1), values)
    return resolved(cx, found.shape)


def _size_mismatch(shapes: list[Shape], pair: tuple[int, int], values: tuple[Value | None, ...]) -> Exception:
    from foreshape.faults.broadcast_mismatch import BroadcastMismatch

    a, b = pair
    text = (
        "shape mismatch: objects cannot be broadcast to a single shape.  Mismatch is between arg "
        f"{a} with shape {python_shape(shapes[a])} and arg {b} with shape {python_shape(shapes[b])}."
    )
    return BroadcastMismatch(
        Raises("ValueError", text, by="numpy"), values=tuple(value for value in values if value is not None),
        taker="random", shapes=tuple(shapes),
    )  # fmt: skip


def _check_size(cx: Context, shape: Shape, parameters: tuple[Value | None, ...]) -> None:
    """Parameters that are arrays have to broadcast to the size."""
    from foreshape.semantics.shared.broadcast import broadcast_to

    for value in parameters:
        if isinstance(value, (Array, Sequence)):
            array = as_array(cx, value)
            if isinstance(array, Array) and array.shape:
                found = broadcast_to(resolved(cx, array.shape), shape, cx.facts)
                if found.failed is not None:
                    raise _size_mismatch([shape, array.shape], (0, 1), (value,))


def drawn(
    cx: Context, size: Value | None, taker: str, parameters: tuple[Value | None, ...], dtype: str | None, lo: Bound,
    hi: Bound, python: str | None,
) -> Value:  # fmt: skip
    """A sample: an array, or one number (a Python number where ``python`` names its type)."""
    shape = sample_shape(cx, size, taker, *parameters)
    if shape is False:
        return Typed(python, lo=lo, hi=hi) if python is not None else made((), dtype, lo, hi)
    assert not isinstance(shape, bool)
    if shape is not None and given(size):
        _check_size(cx, shape, parameters)
    return made(shape, dtype, lo, hi)


# -- distributions ----------------------------------------------------------------------------------------------------
DISTRIBUTIONS: Final = (
    ("beta", "a, b", "float64", 0, 1), ("binomial", "n, p", "int64", 0, None), ("chisquare", "df", "float64", 0, None),
    ("exponential", "scale=", "float64", 0, None), ("f", "dfnum, dfden", "float64", 0, None),
    ("gamma", "shape, scale=", "float64", 0, None), ("geometric", "p", "int64", 1, None),
    ("gumbel", "loc=, scale=", "float64", None, None), ("hypergeometric", "ngood, nbad, nsample", "int64", 0, None),
    ("laplace", "loc=, scale=", "float64", None, None), ("logistic", "loc=, scale=", "float64", None, None),
    ("lognormal", "mean=, sigma=", "float64", 0, None), ("logseries", "p", "int64", 1, None),
    ("negative_binomial", "n, p", "int64", 0, None), ("noncentral_chisquare", "df, nonc", "float64", 0, None),
    ("noncentral_f", "dfnum, dfden, nonc", "float64", 0, None), ("normal", "loc=, scale=", "float64", None, None),
    ("pareto", "a", "float64", 0, None), ("poisson", "lam=", "int64", 0, None), ("power", "a", "float64", 0, 1),
    ("rayleigh", "scale=", "float64", 0, None), ("standard_cauchy", "", "float64", None, None),
    ("standard_t", "df", "float64", None, None), ("triangular", "left, mode, right", "float64", None, None),
    ("vonmises", "mu, kappa", "float64", -3.15, 3.15), ("wald", "mean, scale", "float64", 0, None),
    ("weibull", "a", "float64", 0, None), ("zipf", "a", "int64", 1, None),
)  # fmt: skip
"""name, parameters, dtype, lowest, highest."""


def _distribution(name: str, names: str, dtype: str, lo: Bound, hi: Bound) -> None:
    keys = [part.strip().rstrip("=") for part in names.split(",") if part.strip()]

    def apply(cx: Context, **arguments: Value | None) -> Value:
        parameters = tuple(arguments.get(key) for key in keys)
        low, high = lo, hi
        if name == "triangular":
            low, high = bounds_of(parameters[0])[0], bounds_of(parameters[2])[1]
        elif name == "binomial":
            high = bounds_of(parameters[0])[1]
        python = "int" if dtype == "int64" else "float"
        return drawn(cx, arguments.get("size"), name, parameters, dtype, low, high, python)

    listing = f"{names}, size=" if names else "size="
    for owner in (*LEGACY, GENERATOR):
        register(f"{owner}.{name}", apply, listing, f"{DOC}{name}.html")


for _name, _parameters, _dtype, _lo, _hi in DISTRIBUTIONS:
    _distribution(_name, _parameters, _dtype, _lo, _hi)


def _uniform(cx: Context, **arguments: Value | None) -> Value:
    low, high = arguments.get("low"), arguments.get("high")
    lo = bounds_of(low)[0] if given(low) else 0
    hi = bounds_of(high)[1] if given(high) else 1
    if isinstance(lo, (int, float)) and isinstance(hi, (int, float)) and lo < hi:
        hi = _below(hi)
    return drawn(cx, arguments.get("size"), "uniform", (low, high), "float64", lo, hi, "float")


for _owner in (*LEGACY, GENERATOR):
    register(f"{_owner}.uniform", _uniform, "low=, high=, size=", DOC + "uniform.html")


BELOW_ONE: Final = math.nextafter(1.0, 0.0)
"""The largest float64 that ``rand`` can draw."""


def _below(high: Bound) -> Bound:
    """The end of a range that is not drawn itself."""
    return math.nextafter(float(high), -math.inf) if isinstance(high, (int, float)) else high


def _unit(cx: Context, **arguments: Value | None) -> Value:
    """Uniform in [0, 1)."""
    dtype = dtype_argument(cx, arguments.get("dtype"), "float64")
    return drawn(cx, arguments.get("size"), "random", (), dtype, 0, BELOW_ONE if dtype == "float64" else 1, "float")


def _standard(cx: Context, **arguments: Value | None) -> Value:
    """standard_normal, standard_exponential, standard_gamma."""
    dtype = dtype_argument(cx, arguments.get("dtype"), "float64")
    return drawn(cx, arguments.get("size"), "standard_normal", (arguments.get("shape"),), dtype, None, None, "float")


for _owner in LEGACY:
    for _name in ("random", "random_sample") + (("ranf", "sample") if _owner == "numpy.random" else ()):
        register(f"{_owner}.{_name}", _unit, "size=", DOC + "random.html")
    for _name in ("standard_normal", "standard_exponential"):
        register(f"{_owner}.{_name}", _standard, "size=", f"{DOC}{_name}.html")
    register(f"{_owner}.standard_gamma", _standard, "shape, size=", DOC + "standard_gamma.html")
register(f"{GENERATOR}.random", _unit, "size=, dtype=, out=", DOC + "Generator.random.html")
register(f"{GENERATOR}.standard_normal", _standard, "size=, dtype=, out=", DOC + "Generator.standard_normal.html")
register(f"{GENERATOR}.standard_exponential", _standard, "size=, dtype=, method=, out=")
register(f"{GENERATOR}.standard_gamma", _standard, "shape, size=, dtype=, out=")


def _by_sizes(cx: Context, d: tuple[Value, ...], lo: Bound, hi: Bound, taker: str) -> Value:
    if not d:
        return Typed("float", lo=lo, hi=hi)
    for part in d:
        if isinstance(part, Sequence):
            raise type_fault(
                f"'{part.kind}' object cannot be interpreted as an integer", taker, part, types=(part.kind,)
            )
    return made(sizes(cx, listed("tuple", d), taker), "float64", lo, hi)


@rule("numpy.random.rand", doc=DOC + "rand.html")
def rand(cx: Context, *d: Value) -> Value:
    """Sizes as arguments; uniform in [0, 1)."""
    return _by_sizes(cx, d, 0, BELOW_ONE, "rand")


@rule("numpy.random.RandomState.rand")
def rand_method(cx: Context, self: Value, *d: Value) -> Value:
    return _by_sizes(cx, d, 0, BELOW_ONE, "rand")


@rule("numpy.random.randn", doc=DOC + "randn.html")
def randn(cx: Context, *d: Value) -> Value:
    """Sizes as arguments; normal."""
    return _by_sizes(cx, d, None, None, "randn")


@rule("numpy.random.RandomState.randn")
def randn_method(cx: Context, self: Value, *d: Value) -> Value:
    return _by_sizes(cx, d, None, None, "randn")


# -- integers ---------------------------------------------------------------------------------------------------------
def integers(
    cx: Context,
    low: Value,
    high: Value | None,
    size: Value | None,
    dtype: Value | None,
    closed: bool,
    python: str | None,
) -> Value:
    """Whole numbers from ``low`` to below ``high`` (0 to below ``low`` where that is all)."""
    if not given(high):
        low, high = Const(0), low
    assert high is not None
    lo, top = bounds_of(low)[0], bounds_of(high)[1]
    bottom = bounds_of(high)[0]
    hi: Bound = None
    if isinstance(top, (int, Dim)):
        hi = top if closed else top - 1
    elif isinstance(top, float) and top.is_integer():
        hi = int(top) if closed else int(top) - 1
    if isinstance(lo, float):
        lo = int(lo) if lo.is_integer() else None
    if isinstance(lo, (int, Dim)) and isinstance(hi, (int, Dim)) and bottom == top and ge(lo, hi + 1, cx.facts).is_yes:
        scalar = not isinstance(low, (Array, Sequence)) and not isinstance(high, (Array, Sequence))
        nothing = size is not None and given(size) and 0 in (sizes(cx, size, "randint") or ())
        if scalar and bounds_of(low)[0] == bounds_of(low)[1] and not nothing:
            raise invalid("high", cx.text(high), "low > high" if closed else "low >= high", low, high)
    kind = dtype_argument(cx, dtype, "int64")
    found = drawn(cx, size, "randint", (low, high), kind, lo, hi, python if not given(dtype) else None)
    least = lower(lo, cx.facts) if isinstance(lo, (int, Dim)) else None
    if given(size) or given(dtype) or least is None or least < 0 or not isinstance(hi, (int, Dim)):
        return found
    one = cx.fresh(None, lo=least, hi=hi, varying=True, chance=True)
    return found.replace(data=(one,)) if isinstance(found, Array) else int_value(one)


def _randint(cx: Context, **arguments: Any) -> Value:
    return integers(
        cx, arguments["low"], arguments.get("high"), arguments.get("size"), arguments.get("dtype"), False, "int"
    )


def _random_integers(cx: Context, **arguments: Any) -> Value:
    low, high = arguments["low"], arguments.get("high")
    if not given(high):
        low, high = Const(1), low
    return integers(cx, low, high, arguments.get("size"), None, True, None)


for _owner in LEGACY:
    register(f"{_owner}.randint", _randint, "low, high=, size=, dtype=", DOC + "randint.html")
    register(f"{_owner}.random_integers", _random_integers, "low, high=, size=", DOC + "random_integers.html")
register("numpy.random.RandomState.tomaxint", lambda cx, **a: drawn(cx, a.get("size"), "tomaxint", (), "int64", 0,
None, "int"),
         "size=")  # fmt: skip


@rule("numpy.random.Generator.integers", doc=DOC + "Generator.integers.html")
def generator_integers(
    cx: Context, self: Value, low: Value, high: Value | None = None, size: Value | None = None,
    dtype: Value | None = None,
    endpoint: Value | None = None,
) -> Value:  # fmt: skip
    closed = flag(endpoint)
    if closed is None:
        return drawn(cx, size, "integers", (low, high), "int64", None, None, None)
    return integers(cx, low, high, size, dtype, closed, None)


# -- choice, permutation, shuffle --------------------------------------------------------------------------------
def chosen(
    cx: Context,
    a: Value,
    size: Value | None,
    replace: Value | None,
    p: Value | None,
    axis: Value | None,
    generator: bool,
) -> Value:
    """Some of the elements. ValueError for more than there are without replacement, for a ``p`` of another length."""
    again = flag(replace, True)
    population, array = _population(cx, a, generator)
    shape = sizes(cx, size, "choice") if size is not None and given(size) else ()
    if population is not None and isinstance(population, int) and population == 0 and (shape == () or shape is None):
        text = "'a' cannot be empty unless no samples are taken"
        if array is None:
            text = "a must be greater than 0 unless no samples are taken"
            if generator:
                text = "a must be a positive integer unless no samples are taken"
        elif generator:
            text = "a cannot be empty unless no samples are taken"
        raise invalid("a", 0, text, a)
    if p is not None and given(p):
        weights = as_array(cx, p)
        if (
            isinstance(weights, Array)
            and weights.shape is not None
            and len(weights.shape) == 1
            and population is not None
        ) and not cx.equal(weights.shape[0], population):
            text = "a and p must have same size" if generator else "'a' and 'p' must have same size"
            raise invalid("p", weights.shape[0], text, a, p)
    if again is False and shape is not None and population is not None:
        wanted = product(shape)
        if not cx.at_least(population, wanted):
            text = "Cannot take a larger sample than population when " + (
                "replace is False" if generator else "'replace=False'"
            )
            raise invalid("size", wanted, text, a)
    return _chosen_from(cx, a, array, population, shape, size, axis, generator)


def _population(cx: Context, a: Value, generator: bool) -> tuple[DimLike | None, Array | None]:
    """How many there are to choose from, and the array they are in (None for ``range(a)``)."""
    count = as_dim(a)
    if count is not None and not (isinstance(a, Array) and a.shape != ()):
        return cx.resolve(count), None
    if isinstance(a, Typed) and a.kind == "int":
        return None, None
    array = as_array(cx, a)
    if isinstance(array, Unknown) or array.shape is None:
        return None, made(None, None)
    if len(array.shape) == 1 or (generator and array.shape):
        return cx.resolve(array.shape[0]), array
    if len(array.shape) > 1:
        raise invalid("a", f"{len(array.shape)} axes", "a must be 1-dimensional", a)
    return None, array


def _chosen_from(
    cx: Context, a: Value, array: Array | None, population: DimLike | None, shape: Shape | None, size: Value | None,
    axis: Value | None, generator: bool,
) -> Value:  # fmt: skip
    if array is None:
        hi: Bound = None if population is None else population - 1
        if not given(size):
            return made((), "int64", 0, hi) if generator else Typed("int", lo=0, hi=hi)
        return made(shape, "int64", 0, hi)
    if array.shape is None or shape is None:
        return made(None, array.dtype) if given(size) else cx.unknown("it is one of what is not known")
    at = as_int(axis) if given(axis) else 0
    if at is None:
        return made(None, array.dtype)
    at = axis_of(at, len(array.shape), "choice", (a,))
    rest = (*array.shape[:at], *shape, *array.shape[at + 1 :])
    return made(rest, array.dtype, array.lo, array.hi)


@rule("numpy.random.choice", doc=DOC + "choice.html")
def choice(
    cx: Context, a: Value, size: Value | None = None, replace: Value | None = None, p: Value | None = None
) -> Value:
    return chosen(cx, a, size, replace, p, None, False)


@rule("numpy.random.RandomState.choice")
def choice_method(
    cx: Context, self: Value, a: Value, size: Value | None = None, replace: Value | None = None, p: Value | None = None
) -> Value:
    return chosen(cx, a, size, replace, p, None, False)


@rule("numpy.random.Generator.choice", doc=DOC + "Generator.choice.html")
def generator_choice(
    cx: Context, self: Value, a: Value, size: Value | None = None, replace: Value | None = None, p: Value | None = None,
    axis: Value | None = None, shuffle: Value | None = None,
) -> Value:  # fmt: skip
    return chosen(cx, a, size, replace, p, axis, True)


def permuted(cx: Context, x: Value) -> Value:
    """The rows in another order, or the numbers below x."""
    count = as_dim(x)
    if count is not None and not (isinstance(x, Array) and x.shape != ()):
        count = cx.resolve(count)
        return made((count,), "int64", 0, count - 1)
    if isinstance(x, Typed) and x.kind == "int":
        return made((cx.fresh(lo=0),), "int64", 0, None)
    array = as_array(cx, x)
    if isinstance(array, Unknown):
        return made(None, None)
    if array.shape == () and array.dtype is not None and "int" in array.dtype:
        return made((cx.fresh(lo=0),), "int64", 0, None)
    if array.shape == ():
        text = "x must be an integer or at least 1-dimensional"
        raise invalid("x", cx.text(x), text, x, exception="IndexError")
    return keeps(array, array.shape, roles=array.roles)


@rule("numpy.random.permutation", doc=DOC + "permutation.html")
def permutation(cx: Context, x: Value) -> Value:
    return permuted(cx, x)


@rule("numpy.random.RandomState.permutation")
def permutation_method(cx: Context, self: Value, x: Value) -> Value:
    return permuted(cx, x)


@rule("numpy.random.Generator.permutation", "numpy.random.Generator.permuted")
def generator_permutation(
    cx: Context, self: Value, x: Value, axis: Value | None = None, *, out: Value | None = None
) -> Value:
    return permuted(cx, x)


def _shuffled(cx: Context, x: Value) -> Value:
    """In place. A list keeps its elements in an order that is not known."""
    if isinstance(x, Sequence) and x.kind == "list":
        from foreshape.semantics.python.tools import shuffled

        cx.set(x, "contents", shuffled(cx, x.contents))
    elif isinstance(x, Array):
        written(cx, x, same=True)
    elif isinstance(x, Const) and not isinstance(x.value, (str, bytes)):
        kind = type(x.value).__name__
        raise type_fault(f"object of type '{kind}' has no len()", "shuffle", x, types=(kind,))
    return Const(None)


@rule("numpy.random.shuffle", doc=DOC + "shuffle.html")
def shuffle(cx: Context, x: Value) -> Value:
    return _shuffled(cx, x)


@rule("numpy.random.RandomState.shuffle")
def shuffle_method(cx: Context, self: Value, x: Value) -> Value:
    return _shuffled(cx, x)


@rule("numpy.random.Generator.shuffle")
def generator_shuffle(cx: Context, self: Value, x: Value, axis: Value | None = None) -> Value:
    return _shuffled(cx, x)


# -- several numbers at once ------------------------------------------------------------------------------------------
def _vectors(
    cx: Context, size: Value | None, width: DimLike | None, dtype: str, taker: str, lo: Bound, hi: Bound
) -> Value:
    shape = sizes(cx, size, taker) if size is not None and given(size) else ()
    if shape is None or width is None:
        return made(None, dtype, lo, hi)
    return made((*shape, width), dtype, lo, hi)


def _width(cx: Context, value: Value | None) -> DimLike | None:
    array = as_array(cx, value) if value is not None else None
    return array.shape[-1] if isinstance(array, Array) and array.shape else None


def _multivariate_normal(cx: Context, **arguments: Any) -> Value:
    mean, cov = as_array(cx, arguments["mean"]), as_array(cx, arguments["cov"])
    values = (arguments["mean"], arguments["cov"])
    if isinstance(cov, Array) and cov.shape is not None:
        square = len(cov.shape) == 2 and cx.equal(cov.shape[0], cov.shape[1])
        if not square:
            raise invalid("cov", cov.shape, "cov must be 2 dimensional and square", *values)
        if (
            isinstance(mean, Array)
            and mean.shape is not None
            and len(mean.shape) == 1
            and not cx.equal(mean.shape[0], cov.shape[0])
        ):
            raise invalid("cov", cov.shape, "mean and cov must have same length", *values)
    return _vectors(
        cx, arguments.get("size"), _width(cx, arguments["mean"]), "float64", "multivariate_normal", None, None
    )


def _multinomial(cx: Context, **arguments: Any) -> Value:
    hi = bounds_of(arguments["n"])[1]
    counts, odds = as_array(cx, arguments["n"]), as_array(cx, arguments["pvals"])
    known = isinstance(counts, Array) and isinstance(odds, Array) and counts.shape is not None and bool(odds.shape)
    if known and not given(arguments.get("size")):
        assert isinstance(counts, Array) and isinstance(odds, Array) and odds.shape
        batch = _parameter_shape(cx, [counts, odds.replace(shape=odds.shape[:-1])], (arguments["n"],))
        return made(None if batch is None else (*batch, odds.shape[-1]), "int64", 0, hi)
    return _vectors(cx, arguments.get("size"), _width(cx, arguments["pvals"]), "int64", "multinomial", 0, hi)


def _dirichlet(cx: Context, **arguments: Any) -> Value:
    return _vectors(cx, arguments.get("size"), _width(cx, arguments["alpha"]), "float64", "dirichlet", 0, 1)


for _owner in (*LEGACY, GENERATOR):
    _more = ", *, method=" if _owner == GENERATOR else ""
    register(f"{_owner}.multivariate_normal", _multivariate_normal, f"mean, cov, size=, check_valid=, tol={_more}")
    register(f"{_owner}.multinomial", _multinomial, "n, pvals, size=")
    register(f"{_owner}.dirichlet", _dirichlet, "alpha, size=")
register(
    f"{GENERATOR}.multivariate_hypergeometric",
    lambda cx, **a: _vectors(
        cx, a.get("size"), _width(cx, a["colors"]), "int64", "multivariate_hypergeometric", 0, None
    ),
    "colors, nsample, size=, method=",
)


# -- state ------------------------------------------------------------------------------------------------------------
def _nothing(cx: Context, **arguments: Any) -> Value:
    return Const(None)


for _owner in LEGACY:
    register(f"{_owner}.seed", _nothing, "seed=")
    register(f"{_owner}.set_state", _nothing, "state")
    register(f"{_owner}.get_state", lambda cx, **a: cx.unknown("the state of a random generator"), "legacy=")
    register(f"{_owner}.bytes", lambda cx, **a: Typed("bytes"), "length")
register(f"{GENERATOR}.bytes", lambda cx, **a: Typed("bytes"), "length")
register(
    f"{GENERATOR}.spawn",
    lambda cx, **a: listed(
        "list", [Instance(LibraryRef(GENERATOR)) for _ in range(min(as_int(a["n_children"]) or 0, 64))]
    ),
    "n_children",
)
register("numpy.random.get_bit_generator", lambda cx, **a: Instance(LibraryRef("numpy.random.MT19937")), "")
register("numpy.random.set_bit_generator", _nothing, "bitgen")
