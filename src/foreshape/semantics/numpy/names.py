"""Constants, and names that are not there in some versions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.values import Array, Const, LibraryRef, Typed, Value
from foreshape.faults.base import Raises
from foreshape.semantics.registry import REGISTRY, Rule, attribute, constant, removed, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

CONSTANTS: Final = (
    ("pi", math.pi, ""), ("e", math.e, ""), ("euler_gamma", 0.5772156649015329, ""), ("inf", math.inf, ""),
    ("nan", math.nan, ""), ("newaxis", None, ""), ("Inf", math.inf, "2"), ("Infinity", math.inf, "2"),
    ("infty", math.inf, "2"), ("PINF", math.inf, "2"), ("NINF", -math.inf, "2"), ("NaN", math.nan, "2"),
    ("NAN", math.nan, "2"), ("PZERO", 0.0, "2"), ("NZERO", -0.0, "2"), ("little_endian", True, ""),
    ("ALLOW_THREADS", 1, "2"), ("MAXDIMS", 32, "2"),
)  # fmt: skip
"""name, value, the version that has it no more."""


def _constant(name: str, value: Any, until: str) -> None:
    REGISTRY.rules.setdefault(f"numpy.{name}", []).append(
        Rule(f"numpy.{name}", "constant", lambda cx: Const(value), "", until, "")
    )


for _entry in CONSTANTS:
    _constant(*_entry)


@constant("numpy.True_", "numpy.False_")
def numpy_bool(cx: Context) -> Value:
    """Scalars of NumPy, with the methods of arrays."""
    return Array("numpy", (), "bool")


@constant("numpy.__version__")
def version(cx: Context) -> Value:
    return Typed("str")


# -- names of other versions ------------------------------------------------------------------------------------------
GONE_IN_2: Final = {
    "geterrobj": "Use the np.errstate context manager instead.",
    "seterrobj": "Use the np.errstate context manager instead.",
    "cast": "Use `np.asarray(arr, dtype=dtype)` instead.", "source": "Use `inspect.getsource` instead.",
    "lookfor": "Search NumPy's documentation directly.", "who": "Use an IDE variable explorer or `locals()` instead.",
    "fastCopyAndTranspose": "Use `arr.T.copy()` instead.",
    "set_numeric_ops": (
        "For the general case, use `PyUFunc_ReplaceLoopBySignature`. For ndarray subclasses, define the "
        "``__array_ufunc__`` method and override the relevant ufunc."
    ),
    "NINF": "Use `-np.inf` instead.", "PINF": "Use `np.inf` instead.", "NZERO": "Use `-0.0` instead.",
    "PZERO": "Use `0.0` instead.", "add_newdoc": "It's still available as `np.lib.add_newdoc`.",
    "add_docstring": "It's still available as `np.lib.add_docstring`.",
    "add_newdoc_ufunc": "It's an internal function and doesn't have a replacement.",
    "safe_eval": "Use `ast.literal_eval` instead.", "float_": "Use `np.float64` instead.",
    "complex_": "Use `np.complex128` instead.", "longfloat": "Use `np.longdouble` instead.",
    "singlecomplex": "Use `np.complex64` instead.", "cfloat": "Use `np.complex128` instead.",
    "longcomplex": "Use `np.clongdouble` instead.", "clongfloat": "Use `np.clongdouble` instead.",
    "string_": "Use `np.bytes_` instead.", "unicode_": "Use `np.str_` instead.", "Inf": "Use `np.inf` instead.",
    "Infinity": "Use `np.inf` instead.", "NaN": "Use `np.nan` instead.", "infty": "Use `np.inf` instead.",
    "issctype": "Use `issubclass(rep, np.generic)` instead.",
    "maximum_sctype": (
        "Use a specific dtype instead. You should avoid relying on any implicit mechanism and select the largest "
        "dtype of a "
        "kind explicitly in the code."
    ),
    "obj2sctype": "Use `np.dtype(obj).type` instead.", "sctype2char": "Use `np.dtype(obj).char` instead.",
    "sctypes": "Access dtypes explicitly instead.", "issubsctype": "Use `np.issubdtype` instead.",
    "set_string_function": "Use `np.set_printoptions` instead with a formatter for custom printing of NumPy objects.",
    "asfarray": "Use `np.asarray` with a proper dtype instead.", "issubclass_": "Use `issubclass` builtin instead.",
    "tracemalloc_domain": "It's now available from `np.lib`.", "mat": "Use `np.asmatrix` instead.",
    "recfromcsv": "Use `np.genfromtxt` with comma delimiter instead.", "recfromtxt": "Use `np.genfromtxt` instead.",
    "deprecate": "Emit `DeprecationWarning` with `warnings.warn` directly, or use `typing.deprecated`.",
    "deprecate_with_doc": "Emit `DeprecationWarning` with `warnings.warn` directly, or use `typing.deprecated`.",
    "find_common_type": (
        "Use `numpy.promote_types` or `numpy.result_type` instead. To achieve semantics for the `scalar_types` "
        "argument, use "
        "`numpy.result_type` and pass the Python values `0`, `0.0`, or `0j`."
    ),
    "round_": "Use `np.round` instead.", "get_array_wrap": "",
    "DataSource": "It's still available as `np.lib.npyio.DataSource`.",
    "nbytes": "Use `np.dtype(<dtype>).itemsize` instead.",
    "byte_bounds": "Now it's available under `np.lib.array_utils.byte_bounds`",
    "compare_chararrays": "It's still available as `np.char.compare_chararrays`.",
    "format_parser": "It's still available as `np.rec.format_parser`.", "alltrue": "Use `np.all` instead.",
    "sometrue": "Use `np.any` instead.",
}  # fmt: skip
"""name: what NumPy 2 says after "was removed in the NumPy 2.0 release."."""


def _now(advice: str) -> str:
    """The one name that NumPy's own advice says to use."""
    used = advice.split("`")[1] if advice.startswith(("Use `np.", "Use `-np.")) else ""
    return used.replace("np.", "numpy.", 1) if used.replace(".", "").replace("_", "").isalnum() else ""


for _name, _advice in GONE_IN_2.items():
    _message = f"`np.{_name}` was removed in the NumPy 2.0 release. {_advice}"
    removed(f"numpy.{_name}", "2", message=_message, now=_now(_advice))

BECAME: Final = {
    "product": "prod", "cumproduct": "cumprod", "msort": "sort", "NAN": "nan", "bool8": "bool", "int0": "intp",
    "uint0": "uintp", "object0": "object_", "str0": "str_", "bytes0": "bytes_", "void0": "void", "in1d": "isin",
    "trapz": "trapezoid", "AxisError": "exceptions.AxisError", "ComplexWarning": "exceptions.ComplexWarning",
    "RankWarning": "exceptions.RankWarning", "VisibleDeprecationWarning": "exceptions.VisibleDeprecationWarning",
    "TooHardError": "exceptions.TooHardError", "rank": "ndim", "unicode": "str_",
}  # fmt: skip
SINCE: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("2", ("bool8", "product", "cumproduct", "msort", "math", "ComplexWarning", "AxisError",
    "VisibleDeprecationWarning",
           "RankWarning", "TooHardError", "ModuleDeprecationWarning", "compat", "int0", "uint0", "Tester", "NAN",
           "ALLOW_THREADS", "MAXDIMS", "object0", "str0", "bytes0", "void0", "cumproduct")),
    ("2.4", ("in1d", "trapz", "disp")),
    ("1.24", ("typeDict", "unicode")),
    ("1.23", ("asscalar",)),
    ("1.18", ("rank",)),
)  # fmt: skip
"""Names that are simply not there from a version on."""

for _since, _names in SINCE:
    for _name in _names:
        _became = f"numpy.{BECAME[_name]}" if _name in BECAME else ""
        removed(f"numpy.{_name}", _since, message=f"module 'numpy' has no attribute '{_name}'", now=_became)

NEW: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("2", ("acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "bitwise_invert", "bitwise_left_shift",
           "bitwise_right_shift", "bitwise_count", "concat", "isdtype", "matrix_transpose", "permute_dims", "pow",
           "trapezoid", "vecdot", "unique_all", "unique_counts", "unique_inverse", "unique_values")),
    ("2.1", ("astype", "unstack", "cumulative_sum", "cumulative_prod")),
    ("2.2", ("matvec", "vecmat")),
)  # fmt: skip
"""Names that came with a version."""

for _until, _names in NEW:
    for _name in _names:
        removed(f"numpy.{_name}", "", until=_until, message=f"module 'numpy' has no attribute '{_name}'")

BUILTIN: Final = ("object", "int", "float", "complex", "str", "bool")
_SPECIFIC: Final = {
    "float": "If you specifically wanted the numpy scalar type, use `np.float64` here.",
    "complex": "If you specifically wanted the numpy scalar type, use `np.complex128` here.",
    "str": "If you specifically wanted the numpy scalar type, use `np.str_` here.",
    "bool": "If you specifically wanted the numpy scalar type, use `np.bool_` here.",
    "object": "",
    "int": (
        "When replacing `np.int`, you may wish to use e.g. `np.int64` or `np.int32` to specify the precision. If you "
        "wish to "
        "review your current use, check the release note link for additional information."
    ),
}


def _alias_text(name: str) -> str:
    return (
        f"module 'numpy' has no attribute '{name}'.\n`np.{name}` was a deprecated alias for the builtin `{name}`. To "
        f"avoid "
        f"this error in existing code, use `{name}` by itself. Doing this will not modify any behavior and is safe. "
        f"{_SPECIFIC[name]}\nThe aliases was originally deprecated in NumPy 1.20; for more details and guidance see "
        f"the "
        "original release note at:\n    https://numpy.org/devdocs/release/1.20.0-notes.html#deprecations"
    )


def _builtin(name: str) -> None:
    REGISTRY.rules.setdefault(f"numpy.{name}", []).append(
        Rule(f"numpy.{name}", "constant", lambda cx: LibraryRef(f"builtins.{name}"), "", "1.24", "")
    )


for _name in BUILTIN:
    _builtin(_name)
    _text, _until = _alias_text(_name), "2" if _name == "bool" else ""
    removed(f"numpy.{_name}", "1.24", until=_until, message=_text, now=f"builtins.{_name}")
removed("numpy.long", "1.24", until="2", message="module 'numpy' has no attribute 'long'.")


def _not_of_generator(name: str) -> None:
    def look_up(cx: Context, self: Value) -> Value:
        from foreshape.faults.missing_attribute import MissingAttribute

        text = f"'numpy.random._generator.Generator' object has no attribute '{name}'"
        raise MissingAttribute(
            Raises("AttributeError", text, by="numpy"), values=(self,),
            recover=cx.unknown(f"a Generator has no {name}"),
            owner="Generator", attribute=name,
        )  # fmt: skip

    attribute(f"numpy.random.Generator.{name}")(look_up)


for _name in ("rand", "randn", "randint", "random_sample", "ranf", "seed", "random_integers", "get_state", "set_state"):
    _not_of_generator(_name)

# -- what only prints, checks or configures ------------------------------------------------------------------------
NOTHING: Final = (
    "set_printoptions", "seterrcall", "info", "setbufsize", "show_config", "show_runtime", "disp", "lookfor",
)  # fmt: skip
for _name in NOTHING:

    @rule(f"numpy.{_name}")
    def nothing(cx: Context, *args: Value, **kwargs: Value) -> Value:
        return Const(None)


@rule("numpy.array2string", "numpy.array_repr", "numpy.array_str", "numpy.base_repr", "numpy.binary_repr",
      "numpy.format_float_positional", "numpy.format_float_scientific", "numpy.typename", "numpy.mintypecode",
      "numpy.get_include")  # fmt: skip
def text(cx: Context, *args: Value, **kwargs: Value) -> Value:
    return Typed("str")


@rule("numpy.seterr", "numpy.geterr", "numpy.geterrcall", "numpy.get_printoptions", "numpy.getbufsize")
def settings(cx: Context, *args: Value, **kwargs: Value) -> Value:
    return cx.unknown("a setting of NumPy")


for _name in ("assert_", "assert_almost_equal", "assert_approx_equal", "assert_array_almost_equal", "assert_allclose",
              "assert_array_almost_equal_nulp", "assert_array_max_ulp", "assert_array_equal", "assert_array_less",
              "assert_equal", "assert_string_equal", "assert_no_warnings", "assert_warns", "assert_raises",
              "assert_raises_regex"):  # fmt: skip

    @rule(f"numpy.testing.{_name}")
    def assertion(cx: Context, *args: Value, **kwargs: Value) -> Value:
        return Const(None)
