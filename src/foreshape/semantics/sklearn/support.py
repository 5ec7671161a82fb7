"""What the rules of scikit-learn share: validation of X and y, and what a fitted estimator remembers.

scikit-learn validates with ``check_array``: two axes (samples, features), at least one of each. The texts are those of
version 1.9. An estimator remembers ``~features`` (an int value: how many features it was fitted on) and ``~fitted``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    Bound,
    Const,
    Instance,
    LibraryRef,
    Sequence,
    Shape,
    Unknown,
    Value,
    as_dim,
    int_value,
)
from foreshape.faults.base import Fault, Raises
from foreshape.semantics.numpy.array_from import as_array
from foreshape.semantics.numpy.dtypes import kind_of
from foreshape.semantics.numpy.support import made, python_shape

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

BY: Final = "scikit-learn"
RESHAPE: Final = (
    "Reshape your data either using array.reshape(-1, 1) if your data has a single feature or "
    "array.reshape(1, -1) if it contains a single sample."
)
SPARSE: Final = "scipy.sparse.csr_matrix"


def short_name(self: Instance) -> str:
    """The name of an estimator as messages write it."""
    found = self.library_type or self.cls.name
    return found.rpartition(".")[2]


def as_data(cx: Context, value: Value) -> Array | Unknown:
    """The array that a value is for scikit-learn: arrays, lists, frames; a sparse matrix stands for its shape."""
    if isinstance(value, Instance) and (value.library_type or "").startswith("scipy.sparse."):
        return made(value.fields.get("~shape"), value.fields.get("~dtype"))
    if isinstance(value, Instance) and (value.library_type or "").startswith("pandas."):
        found = cx.call_method(value, "to_numpy")  # which also says how many different texts a column holds
        if isinstance(found, Array) and found.kind == "numpy":
            return found
    return as_array(cx, value, "check_array")


def matrix(cx: Context, value: Value, owner: str, *, named: bool = True, deeper: bool = False) -> Array | Unknown:
    """X as ``check_array`` takes it: (samples, features). named: whether messages name the estimator; deeper: whether
    more axes are allowed. Raises ``rank-mismatch``, ``no-data`` as an invalid argument."""
    array = as_data(cx, value)
    if isinstance(array, Unknown) or array.shape is None:
        return array if isinstance(array, Unknown) else made(None, array.dtype, array.lo, array.hi)
    shape = tuple(cx.resolve(size) for size in array.shape)
    rank = len(shape)
    if rank < 2:
        what = "scalar" if rank == 0 else "1D"
        text = f"Expected 2D array, got {what} array instead:\narray={_elements(array)}.\n{RESHAPE}"
        if (
            isinstance(value, Instance)
            and value.library_type == "pandas.Series"
            and cx.targets.at_least("sklearn", "1.5")
        ):
            text = (
                "Expected a 2-dimensional container but got <class 'pandas.Series'> instead. Pass a DataFrame "
                "containing a single row (i.e. single sample) or a single column (i.e. single feature) instead."
            )
        raise ranked(value, owner, shape, text)
    if rank > 2 and not deeper:
        by = f" by {owner}" if named else ""
        raise ranked(value, owner, shape, f"Found array with dim {rank}, while dim <= 2 is required{by}.")
    for size, what in ((shape[0], "sample"), (shape[1], "feature")):
        if not cx.at_least(size, 1):
            by = f" by {owner}" if named else ""
            text = f"Found array with 0 {what}(s) (shape={python_shape(shape)}) while a minimum of 1 is required{by}."
            raise invalid(f"{what}s", "0", text, value)
    return array.replace(shape=shape, roles=array.roles, data=array.data)


def ranked(value: Value, owner: str, shape: Shape, text: str) -> Fault:
    """The fault for data with another number of axes."""
    from foreshape.faults.rank_mismatch import RankMismatch

    return RankMismatch(
        Raises("ValueError", text, by=BY),
        values=(value,),
        taker=owner,
        needs=2,
        axes=("samples", "features"),
        got=shape,
    )


def _elements(array: Array) -> str:
    """The elements as NumPy prints them where they are few and plain, else an ellipsis."""
    if array.data is None or len(array.data) > 20:
        return "[...]"
    if array.shape == ():
        return str(array.data[0])
    if kind_of(array.dtype) in ("i", "u", "b"):
        texts = [str(item) for item in array.data]
        width = max(map(len, texts), default=0)
        return f"[{' '.join(text.rjust(width) for text in texts)}]"
    if kind_of(array.dtype) == "f" and all(item == int(item) and abs(item) < 10_000 for item in array.data):
        texts = [f"{int(item)}." for item in array.data]
        width = max(map(len, texts), default=0)
        return f"[{' '.join(text.rjust(width) for text in texts)}]"
    return "[...]"


def invalid(argument: str, shown: object, text: str, *values: Value, exception: str = "ValueError") -> Fault:
    """The fault for an argument that the function does not take."""
    from foreshape.faults.invalid_argument import InvalidArgument

    return InvalidArgument(Raises(exception, text, by=BY), values=values, argument=argument, given=str(shown))


# -- estimators ----------
def keep_parameters(cx: Context, self: Instance, **parameters: Value | None) -> None:
    """The constructor's arguments are attributes."""
    for name, value in parameters.items():
        if value is not None:
            cx.set(self, name, value)
    cx.set(self, "~made", True)


def remember(cx: Context, self: Instance, array: Array | Unknown) -> None:
    """Fitted on this data."""
    cx.set(self, "~fitted", Const(True))
    features: Value = cx.unknown("how many features it was fitted on is not known")
    if isinstance(array, Array) and array.shape is not None and len(array.shape) == 2:
        features = int_value(array.shape[1])
    cx.set(self, "~features", features)
    if isinstance(array, Array) and array.shape is not None:
        cx.set(self, "n_features_in_", features)


def fitted(cx: Context, self: Instance) -> None:
    """Raise where it certainly was never fitted."""
    if self.fields.get("~fitted") is not None or not self.fields.get("~made") or self.tainted:
        return
    if not cx.certain() or not cx.entered:
        return
    from foreshape.faults.unfitted_estimator import UnfittedEstimator

    name = short_name(self)
    text = f"This {name} instance is not fitted yet. Call 'fit' with appropriate arguments before using this estimator."
    raise UnfittedEstimator(Raises("NotFittedError", text, by=BY), values=(self,), estimator=name)


def features_of(cx: Context, self: Instance) -> DimLike | None:
    """How many features it was fitted on, where known."""
    found = self.fields.get("~features")
    dim = as_dim(found) if isinstance(found, Value) else None
    return None if dim is None else cx.resolve(dim)


def check_features(cx: Context, self: Instance, array: Array | Unknown, value: Value) -> None:
    """X must have as many features as fit saw. Raises ``feature-mismatch``."""
    wanted = features_of(cx, self)
    if wanted is None or isinstance(array, Unknown) or array.shape is None or len(array.shape) != 2:
        return
    got = cx.resolve(array.shape[1])
    if cx.equal(got, wanted):
        return
    from foreshape.faults.feature_mismatch import FeatureMismatch

    name = short_name(self)
    raise FeatureMismatch(
        Raises("ValueError", f"X has {got} features, but {name} is expecting {wanted} features as input.", by=BY),
        values=(value,),
        recover=made((array.shape[0], wanted), float_of(array.dtype)),
        taker=name,
        needs=wanted,
        got=got,
        shape=array.shape,
    )


# -- samples ----------
def samples_of(cx: Context, value: Value) -> DimLike | None:
    """How many samples a value holds (``_num_samples``), None where not known."""
    if isinstance(value, Instance) and "~shape" in value.fields:
        shape = value.fields["~shape"]
        return None if not shape else cx.resolve(shape[0])
    if isinstance(value, Array):
        return cx.resolve(value.shape[0]) if value.shape else None
    found = cx.length(value)
    return None if found is None else cx.resolve(found)


def consistent(cx: Context, values: tuple[Value, ...], names: tuple[str, ...] = ()) -> DimLike | None:
    """The number of samples that all values share. Raises ``cardinality``."""
    sizes = [samples_of(cx, value) for value in values]
    known = [size for size in sizes if size is not None]
    if not known:
        return None
    first = known[0]
    for size in known[1:]:
        if not cx.equal(first, size):
            from foreshape.faults.cardinality import Cardinality

            listed = ", ".join(str(size) for size in sizes if size is not None)
            labels = [names[k] if k < len(names) else f"array {k + 1}" for k in range(len(values))]
            raise Cardinality(
                Raises("ValueError", f"Found input variables with inconsistent numbers of samples: [{listed}]", by=BY),
                values=values,
                sizes=tuple((label, size) for label, size in zip(labels, sizes) if size is not None),
            )
    plain = [size for size in known if isinstance(size, int)]
    return plain[0] if plain else cx.resolve(first)


def column(cx: Context, value: Value, name: str = "y", *, warn: bool = True) -> Array | Unknown:
    """y as ``column_or_1d`` takes it: (n,), or (n, 1) which is flattened. Raises ``rank-mismatch``."""
    array = as_data(cx, value)
    if isinstance(array, Unknown) or array.shape is None:
        return array
    shape = tuple(cx.resolve(size) for size in array.shape)
    if len(shape) == 1:
        return array
    if len(shape) == 2 and cx.equal(shape[1], 1):
        return array.replace(shape=shape[:1])
    from foreshape.faults.rank_mismatch import RankMismatch

    text = f"y should be a 1d array, got an array of shape {python_shape(shape)} instead."
    if len(shape) > 2:
        text = f"Found array with dim {len(shape)}, while dim <= 2 is required."
    raise RankMismatch(
        Raises("ValueError", text, by=BY), values=(value,), taker=name, needs=1, axes=("samples",), got=shape
    )


def float_of(dtype: str | None) -> str | None:
    """The dtype of a scaler's result: floats stay, numbers and texts become float64."""
    if dtype is None:
        return None
    return dtype if dtype in ("float32", "float64") else "float16" if dtype == "float16" else "float64"


def sparse(shape: Shape | None, dtype: str | None) -> Instance:
    """A sparse matrix of scipy."""
    return Instance(LibraryRef(SPARSE), {"~shape": shape, "~dtype": dtype})


def is_sparse(value: Value) -> bool:
    return isinstance(value, Instance) and (value.library_type or "").startswith("scipy.sparse.")


def other_output(cx: Context, self: Instance) -> bool:
    """Whether results are frames (``set_output``, ``set_config``)."""
    return self.fields.get("~output") is not None or cx.state("sklearn").fields.get("~output") is not None


def is_text(array: Array) -> bool:
    return kind_of(array.dtype) in ("U", "S")


def listed_items(value: Value, limit: int = 4096) -> tuple[Value, ...] | None:
    """The elements of a list where each is known."""
    return value.contents.items(limit) if isinstance(value, Sequence) else None


def result(shape: Shape | None, dtype: str | None, lo: Bound = None, hi: Bound = None, **more: Any) -> Array:
    return made(shape, dtype, lo, hi, **more)
