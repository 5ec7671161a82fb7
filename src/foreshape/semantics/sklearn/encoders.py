"""Encoders of labels and categories: how many columns they give depends on how many categories there are.

https://scikit-learn.org/stable/modules/preprocessing.html#encoding-categorical-features
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.dim import Dim, DimLike, dmin
from foreshape.domain.values import Array, Const, Instance, Unknown, Value, as_bool, as_dim, as_str, int_value
from foreshape.semantics.numpy.dtypes import dtype_argument, is_integer, kind_of
from foreshape.semantics.numpy.support import given, listed, made
from foreshape.semantics.pandas.reductions import _different as different
from foreshape.semantics.pandas.support import Frame, frame_of, is_frame
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.shared.knowledge import drawn_values
from foreshape.semantics.sklearn.preprocessing import BASE, TRANSFORMER
from foreshape.semantics.sklearn.support import (
    as_data,
    check_features,
    column,
    features_of,
    fitted,
    invalid,
    keep_parameters,
    listed_items,
    matrix,
    other_output,
    remember,
    samples_of,
    short_name,
    sparse,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

P: Final = "sklearn.preprocessing."
for _kind in ("LabelEncoder", "LabelBinarizer", "MultiLabelBinarizer", "OneHotEncoder", "OrdinalEncoder"):
    library_type(P + _kind, BASE, TRANSFORMER)


def distinct(cx: Context, array: Array | Unknown, name: str) -> DimLike:
    """How many different values an array holds: exact for known elements, else a variable with what bounds allow."""
    if isinstance(array, Unknown):
        return cx.fresh(name)
    if array.data is not None and not any(isinstance(item, Dim) for item in array.data):
        return len(set(array.data))
    drawn = drawn_values(array)
    if drawn is not None:
        return drawn
    high: DimLike | None = None
    if is_integer(array.dtype) and isinstance(array.lo, int) and isinstance(array.hi, int):
        high = array.hi - array.lo + 1
    elif array.dtype == "bool":
        high = 2
    if array.shape is not None and len(array.shape) == 1:
        size = cx.resolve(array.shape[0])
        high = size if high is None else dmin(size, high)
    if isinstance(high, int) and high == 1:
        return 1
    known = array.meta.get("classes")
    return known if isinstance(known, (int, Dim)) else cx.fresh(name, 1, high)


def _name(cx: Context, value: Value, what: str) -> str:
    text = cx.text(value)
    return f"{what} of {text}" if text and len(text) < 30 else what


def _classes(cx: Context, self: Instance) -> DimLike | None:
    found = self.fields.get("~classes")
    dim = as_dim(found) if isinstance(found, Value) else None
    return None if dim is None else cx.resolve(dim)


def _learn(cx: Context, self: Instance, array: Array | Unknown, value: Value) -> DimLike:
    classes = distinct(cx, array, _name(cx, value, "classes"))
    cx.set(self, "~fitted", Const(True))
    cx.set(self, "~classes", int_value(classes))
    data = None
    dtype = None
    if isinstance(array, Array):
        dtype = array.dtype
        if array.data is not None:
            data = _ordered(array.data)
    cx.set(self, "classes_", made((classes,), dtype, data=data))
    return classes


def _ordered(data: tuple[Any, ...]) -> tuple[Any, ...] | None:
    try:
        return tuple(sorted(set(data)))
    except TypeError:
        return None


# -- LabelEncoder ----------
@rule(P + "LabelEncoder.__init__")
def label_encoder(cx: Context, self: Instance) -> Value:
    keep_parameters(cx, self)
    return Const(None)


@rule(
    P + "LabelEncoder.fit",
    doc="https://scikit-learn.org/stable/modules/generated/sklearn.preprocessing.LabelEncoder.html",
)
def label_fit(cx: Context, self: Instance, y: Value) -> Value:
    _learn(cx, self, column(cx, y), y)
    return self


@rule(P + "LabelEncoder.fit_transform")
def label_fit_transform(cx: Context, self: Instance, y: Value) -> Value:
    """(n,) of int64 between 0 and the number of classes."""
    array = column(cx, y)
    classes = _learn(cx, self, array, y)
    return _codes(cx, array, classes, self)


def _codes(cx: Context, array: Array | Unknown, classes: DimLike | None, self: Instance) -> Value:
    if isinstance(array, Unknown):
        return array
    known = self.fields.get("classes_")
    data = None
    if array.data is not None and isinstance(known, Array) and known.data is not None:
        table = {item: code for code, item in enumerate(known.data)}
        if not any(isinstance(item, Dim) for item in (*array.data, *known.data)):
            _refuse_unseen(array, known.data, self)
        if all(item in table for item in array.data):
            data = tuple(table[item] for item in array.data)
    found = made(array.shape, "int64", 0, None if classes is None else classes - 1, data=data)
    return found if classes is None else found.replace(meta={"classes": classes})


def _refuse_unseen(array: Array, known: tuple[Any, ...], self: Instance) -> None:
    """ValueError for labels that were not among those that the encoder was fitted on."""
    unseen = _ordered(tuple(item for item in array.data or () if item not in known))
    if unseen:
        text = kind_of(array.dtype) in ("U", "S", "O") or isinstance(unseen[0], str)
        if text:
            shown = ", ".join(f"np.str_({item!r})" for item in unseen)
        else:
            shown = "[" + ", ".join(f"np.{array.dtype}({item})" for item in unseen) + "]"
        message = f"y contains previously unseen labels: {shown if not text else shown.split(', ')[0]}"
        raise invalid("y", repr(unseen[0]), message, array, self)


@rule(P + "LabelEncoder.transform")
def label_transform(cx: Context, self: Instance, y: Value) -> Value:
    fitted(cx, self)
    return _codes(cx, column(cx, y), _classes(cx, self), self)


@rule(P + "LabelEncoder.inverse_transform")
def label_inverse(cx: Context, self: Instance, y: Value) -> Value:
    fitted(cx, self)
    array = column(cx, y)
    known = self.fields.get("classes_")
    if isinstance(array, Unknown):
        return array
    return made(array.shape, known.dtype if isinstance(known, Array) else None)


# -- LabelBinarizer ----------
@rule(P + "LabelBinarizer.__init__")
def label_binarizer(
    cx: Context,
    self: Instance,
    *,
    neg_label: Value | None = None,
    pos_label: Value | None = None,
    sparse_output: Value | None = None,
) -> Value:
    keep_parameters(cx, self, sparse_output=sparse_output)
    return Const(None)


def _indicator(cx: Context, self: Instance, array: Array | Unknown, classes: DimLike | None) -> Value:
    if isinstance(array, Unknown) or array.shape is None:
        rows: DimLike = cx.fresh("samples")
    else:
        rows = array.shape[0]
        if len(array.shape) == 2 and not cx.equal(array.shape[1], 1):
            return made(array.shape, "int64", 0, 1)
    columns: DimLike
    if classes is None:
        columns = cx.fresh("classes")
    elif isinstance(classes, int):
        columns = 1 if classes <= 2 else classes
    else:
        from foreshape.domain.compare import ge

        # two classes share one column
        columns = classes if ge(classes, 3, cx.facts).is_yes else cx.fresh(f"{classes}", 1, classes)
    found = self.fields.get("sparse_output")
    if isinstance(found, Value) and as_bool(found) is not False:
        return sparse((rows, columns), "int64")
    return made((rows, columns), "int64", 0, 1)


@rule(P + "LabelBinarizer.fit")
def binarizer_fit(cx: Context, self: Instance, y: Value) -> Value:
    _learn(cx, self, as_data(cx, y), y)
    return self


@rule(P + "LabelBinarizer.fit_transform")
def binarizer_fit_transform(cx: Context, self: Instance, y: Value) -> Value:
    """(n, classes) of int64; two classes give one column."""
    array = as_data(cx, y)
    return _indicator(cx, self, array, _learn(cx, self, array, y))


@rule(P + "LabelBinarizer.transform")
def binarizer_transform(cx: Context, self: Instance, y: Value) -> Value:
    fitted(cx, self)
    return _indicator(cx, self, as_data(cx, y), _classes(cx, self))


@rule(P + "LabelBinarizer.inverse_transform")
def binarizer_inverse(cx: Context, self: Instance, Y: Value, threshold: Value | None = None) -> Value:
    fitted(cx, self)
    array = as_data(cx, Y)
    known = self.fields.get("classes_")
    if isinstance(array, Unknown) or not array.shape:
        return cx.unknown("the labels of something that is not known")
    return made(array.shape[:1], known.dtype if isinstance(known, Array) else None)


@rule(P + "label_binarize")
def label_binarize(
    cx: Context,
    y: Value,
    *,
    classes: Value,
    neg_label: Value | None = None,
    pos_label: Value | None = None,
    sparse_output: Value | None = None,
) -> Value:
    array = as_data(cx, y)
    count = cx.length(classes)
    blank = Instance.__new__(Instance)
    blank.fields = {}
    return _indicator(cx, blank, array, count)


# -- MultiLabelBinarizer ----------
@rule(P + "MultiLabelBinarizer.__init__")
def multi_label(
    cx: Context, self: Instance, *, classes: Value | None = None, sparse_output: Value | None = None
) -> Value:
    keep_parameters(cx, self, classes=classes, sparse_output=sparse_output)
    return Const(None)


def _labels_in(cx: Context, self: Instance, y: Value) -> DimLike:
    chosen = self.fields.get("classes")
    if isinstance(chosen, Value) and given(chosen):
        count = cx.length(chosen)
        return cx.fresh("classes") if count is None else count
    rows = listed_items(y)
    found: set[Any] = set()
    for row in rows or ():
        items = listed_items(row)
        if items is None or not all(isinstance(item, Const) for item in items):
            return cx.fresh(_name(cx, y, "classes"))
        found.update(item.value for item in items if isinstance(item, Const))
    return len(found) if rows is not None else cx.fresh(_name(cx, y, "classes"))


@rule(P + "MultiLabelBinarizer.fit")
def multi_fit(cx: Context, self: Instance, y: Value) -> Value:
    classes = _labels_in(cx, self, y)
    cx.set(self, "~fitted", Const(True))
    cx.set(self, "~classes", int_value(classes))
    cx.set(self, "classes_", made((classes,), None))
    return self


@rule(P + "MultiLabelBinarizer.fit_transform")
def multi_fit_transform(cx: Context, self: Instance, y: Value) -> Value:
    """(n, classes) of zeros and ones."""
    multi_fit(cx, self, y)
    return multi_transform(cx, self, y)


@rule(P + "MultiLabelBinarizer.transform")
def multi_transform(cx: Context, self: Instance, y: Value) -> Value:
    fitted(cx, self)
    rows = samples_of(cx, y)
    classes = _classes(cx, self)
    shape = (cx.fresh("samples") if rows is None else rows, cx.fresh("classes") if classes is None else classes)
    found = self.fields.get("sparse_output")
    if isinstance(found, Value) and as_bool(found) is not False:
        return sparse(shape, "int64")
    return made(shape, "int64", 0, 1)


# -- OneHotEncoder and OrdinalEncoder ----------
@rule(P + "OneHotEncoder.__init__", since="1.4")
def one_hot(
    cx: Context,
    self: Instance,
    *,
    categories: Value | None = None,
    drop: Value | None = None,
    sparse_output: Value | None = None,
    dtype: Value | None = None,
    handle_unknown: Value | None = None,
    min_frequency: Value | None = None,
    max_categories: Value | None = None,
    feature_name_combiner: Value | None = None,
) -> Value:
    keep_parameters(
        cx,
        self,
        categories=categories,
        drop=drop,
        sparse_output=sparse_output,
        dtype=dtype,
        handle_unknown=handle_unknown,
        min_frequency=min_frequency,
        max_categories=max_categories,
    )
    return Const(None)


@rule(P + "OneHotEncoder.__init__", until="1.4")
def one_hot_before(
    cx: Context,
    self: Instance,
    *,
    categories: Value | None = None,
    drop: Value | None = None,
    sparse: Value | None = None,
    sparse_output: Value | None = None,
    dtype: Value | None = None,
    handle_unknown: Value | None = None,
    min_frequency: Value | None = None,
    max_categories: Value | None = None,
) -> Value:
    keep_parameters(
        cx,
        self,
        categories=categories,
        drop=drop,
        dtype=dtype,
        handle_unknown=handle_unknown,
        min_frequency=min_frequency,
        sparse_output=sparse if sparse is not None else sparse_output,
        max_categories=max_categories,
    )
    return Const(None)


@rule(P + "OrdinalEncoder.__init__")
def ordinal(
    cx: Context,
    self: Instance,
    *,
    categories: Value | None = None,
    dtype: Value | None = None,
    handle_unknown: Value | None = None,
    unknown_value: Value | None = None,
    encoded_missing_value: Value | None = None,
    min_frequency: Value | None = None,
    max_categories: Value | None = None,
) -> Value:
    keep_parameters(cx, self, categories=categories, dtype=dtype, handle_unknown=handle_unknown)
    return Const(None)


def _category_counts(cx: Context, self: Instance, array: Array | Unknown, value: Value) -> list[DimLike] | None:
    """How many categories each feature has; None where not even the number of features is known."""
    chosen = self.fields.get("categories")
    if isinstance(chosen, Value) and given(chosen) and as_str(chosen) != "auto":
        lists = listed_items(chosen)
        if lists is None:
            return None
        counts: list[DimLike] = []
        for one in lists:
            count = cx.length(one)
            counts.append(cx.fresh("categories") if count is None else count)
        return counts
    if is_frame(value, "DataFrame") and frame_of(cx, value).closed:
        frame = frame_of(cx, value)
        return [different(cx, Frame(frame.rows, (column,), "Series")) for column in frame.columns]
    if isinstance(array, Unknown) or array.shape is None or len(array.shape) != 2:
        return None
    rows, features = array.shape
    if not isinstance(features, int) or features > 64:
        return None
    if array.data is not None and isinstance(rows, int):
        return [len(set(array.data[k::features])) for k in range(features)]
    if features == 1:
        return [distinct(cx, array.replace(shape=(rows,), meta=array.meta), _name(cx, value, "categories"))]
    return [cx.fresh("categories") for _ in range(features)]


def _fit_categories(cx: Context, self: Instance, X: Value, array: Array | Unknown) -> None:
    remember(cx, self, array)
    counts = _category_counts(cx, self, array, X)
    total: DimLike | None = None
    rare = any(
        isinstance(self.fields.get(key), Value) and given(self.fields[key])
        for key in ("min_frequency", "max_categories")
    )
    if counts is not None and not rare:
        drop = self.fields.get("drop")
        dropping = as_str(drop) if isinstance(drop, Value) and given(drop) else None
        total = sum(counts[1:], counts[0]) if counts else 0
        if dropping == "first":
            total = total - len(counts)
        elif isinstance(drop, Value) and given(drop):
            total = total - sum(1 for c in counts if c == 2) if all(isinstance(c, int) for c in counts) else None
    columns = total if total is not None else cx.fresh(_name(cx, X, "categories"))
    cx.set(self, "~columns", int_value(columns))
    cx.set(self, "~seen", _seen(self, array))
    cx.set(
        self,
        "categories_",
        listed("list", [made((c,), None) for c in counts])
        if counts is not None
        else cx.unknown("the categories are not known"),
    )


def _seen(self: Instance, array: Array | Unknown) -> tuple[frozenset[Any], ...] | None:
    """The categories of each feature, where they are known one by one."""
    chosen = self.fields.get("categories")
    if isinstance(chosen, Value) and given(chosen) and as_str(chosen) != "auto":
        return None
    if isinstance(array, Unknown) or array.data is None or array.shape is None or len(array.shape) != 2:
        return None
    features = array.shape[1]
    if not isinstance(features, int) or any(isinstance(item, Dim) for item in array.data):
        return None
    return tuple(frozenset(array.data[k::features]) for k in range(features))


def _refuse_unknown(self: Instance, array: Array | Unknown) -> None:
    """ValueError for categories that the encoder was not fitted on, unless it was told what to do with them."""
    told = self.fields.get("handle_unknown")
    if isinstance(told, Value) and given(told) and as_str(told) != "error":
        return
    seen = self.fields.get("~seen")
    if not isinstance(seen, tuple) or isinstance(array, Unknown) or array.data is None or array.shape is None:
        return
    if len(array.shape) != 2 or array.shape[1] != len(seen):
        return
    for place, held in enumerate(seen):
        new = _ordered(tuple(item for item in array.data[place :: len(seen)] if item not in held))
        if new:
            message = f"Found unknown categories {list(new)} in column {place} during transform"
            raise invalid("X", repr(new[0]), message, array, self)


@rule(P + "OneHotEncoder.fit", P + "OrdinalEncoder.fit")
def encoder_fit(cx: Context, self: Instance, X: Value, y: Value | None = None) -> Value:
    _fit_categories(cx, self, X, matrix(cx, X, short_name(self), named=False))
    return self


@rule(
    P + "OneHotEncoder.fit_transform",
    P + "OrdinalEncoder.fit_transform",
    doc="https://scikit-learn.org/stable/modules/generated/sklearn.preprocessing.OneHotEncoder.html",
)
def encoder_fit_transform(cx: Context, self: Instance, X: Value, y: Value | None = None, **fit_params: Value) -> Value:
    """OneHotEncoder: (n, categories), sparse unless ``sparse_output=False``; OrdinalEncoder: the shape of X."""
    array = matrix(cx, X, short_name(self), named=False)
    _fit_categories(cx, self, X, array)
    return _encoded(cx, self, array)


@rule(P + "OneHotEncoder.transform", P + "OrdinalEncoder.transform")
def encoder_transform(cx: Context, self: Instance, X: Value) -> Value:
    fitted(cx, self)
    array = matrix(cx, X, short_name(self), named=False)
    check_features(cx, self, array, X)
    _refuse_unknown(self, array)
    return _encoded(cx, self, array)


def _encoded(cx: Context, self: Instance, array: Array | Unknown) -> Value:
    if other_output(cx, self):
        return cx.unknown("the result is a frame, which is not modelled")
    dtype = dtype_argument(cx, self.fields.get("dtype"), "float64")
    rows: DimLike = cx.fresh("samples")
    if isinstance(array, Array) and array.shape:
        rows = array.shape[0]
    if short_name(self) == "OrdinalEncoder":
        features = features_of(cx, self)
        return made((rows, cx.fresh("features") if features is None else features), dtype)
    found = self.fields.get("~columns")
    columns = as_dim(found) if isinstance(found, Value) else None
    shape = (rows, cx.fresh("categories") if columns is None else cx.resolve(columns))
    dense = self.fields.get("sparse_output")
    if isinstance(dense, Value):
        flag = as_bool(dense)
        if flag is None:
            return cx.unknown("whether the encoder gives a sparse matrix is not known")
        if not flag:
            return made(shape, dtype, 0, 1)
    return sparse(shape, dtype)


@rule(P + "OneHotEncoder.inverse_transform", P + "OrdinalEncoder.inverse_transform")
def encoder_inverse(cx: Context, self: Instance, X: Value) -> Value:
    fitted(cx, self)
    rows = samples_of(cx, X)
    features = features_of(cx, self)
    return made(
        (cx.fresh("samples") if rows is None else rows, cx.fresh("features") if features is None else features), None
    )


@rule(P + "OneHotEncoder.get_feature_names_out", P + "OneHotEncoder.get_feature_names")
def one_hot_names(cx: Context, self: Instance, input_features: Value | None = None) -> Value:
    fitted(cx, self)
    found = self.fields.get("~columns")
    columns = as_dim(found) if isinstance(found, Value) else None
    return made((cx.fresh("categories") if columns is None else columns,), "object")
