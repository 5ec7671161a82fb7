"""Data sets: the real shapes, dtypes and ranges of what ``sklearn.datasets`` ships, downloads and generates.

https://scikit-learn.org/stable/datasets.html
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    LibraryRef,
    Sequence,
    Typed,
    Value,
    as_bool,
    as_dim,
    as_int,
    as_str,
)
from foreshape.semantics.numpy.support import given, listed, made
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.sklearn.support import samples_of

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

P: Final = "sklearn.datasets."
BUNCH: Final = library_type("sklearn.utils.Bunch")

IRIS: Final = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")
DIABETES: Final = ("age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6")
WINE: Final = (
    "alcohol",
    "malic_acid",
    "ash",
    "alcalinity_of_ash",
    "magnesium",
    "total_phenols",
    "flavanoids",
    "nonflavanoid_phenols",
    "proanthocyanins",
    "color_intensity",
    "hue",
    "od280/od315_of_diluted_wines",
    "proline",
)
CANCER: Final = tuple(
    (f"{name} error" if part == "error" else f"{part} {name}")
    for part in ("mean", "error", "worst")
    for name in (
        "radius",
        "texture",
        "perimeter",
        "area",
        "smoothness",
        "compactness",
        "concavity",
        "concave points",
        "symmetry",
        "fractal dimension",
    )
)
HOUSING: Final = ("MedInc", "HouseAge", "AveRooms", "AveBedrms", "Population", "AveOccup", "Latitude", "Longitude")
DIGITS: Final = tuple(f"pixel_{row}_{column}" for row in range(8) for column in range(8))


class Shipped:
    """A data set: rows, names of features, ranges of X and y, names of classes."""

    __slots__ = ("classes", "features", "rows", "target", "x", "y")

    def __init__(
        self,
        rows: int,
        features: tuple[str, ...],
        x: tuple[float, float],
        y: tuple[float, float],
        classes: tuple[Any, ...] | None = None,
        target: str = "int64",
    ) -> None:
        self.rows = rows
        self.features = features
        self.x = x
        self.y = y
        self.classes = classes
        self.target = target


SHIPPED: Final = {
    "load_iris": Shipped(150, IRIS, (0.1, 7.9), (0, 2), ("setosa", "versicolor", "virginica")),
    "load_digits": Shipped(1797, DIGITS, (0.0, 16.0), (0, 9), tuple(range(10))),
    "load_wine": Shipped(178, WINE, (0.13, 1680.0), (0, 2), ("class_0", "class_1", "class_2")),
    "load_breast_cancer": Shipped(569, CANCER, (0.0, 4254.0), (0, 1), ("malignant", "benign")),
    "load_diabetes": Shipped(442, DIABETES, (-0.14, 0.2), (25.0, 346.0), None, "float64"),
    "fetch_california_housing": Shipped(20640, HOUSING, (-125.0, 36000.0), (0.1, 5.1), None, "float64"),
}


def bunch(**fields: Value) -> Instance:
    kept: dict[Hashable, Any] = dict(fields.items())
    return Instance(LibraryRef(BUNCH), kept)


def _pair(x: Value, y: Value) -> Value:
    return listed("tuple", [x, y])


def _shipped(cx: Context, name: str, return_X_y: Value | None, as_frame: Value | None) -> Value:
    known = SHIPPED[name]
    frame = False if as_frame is None else as_bool(as_frame)
    pair = False if return_X_y is None else as_bool(return_X_y)
    if frame is None or pair is None:
        return cx.unknown("whether it is returned as a frame is not known")
    data: Value = made((known.rows, len(known.features)), "float64", *known.x)
    whole = known.target == "int64"
    lo, hi = (int(known.y[0]), int(known.y[1])) if whole else known.y
    target: Value = made((known.rows,), known.target, lo, hi)
    joined: Value = Const(None)
    if frame:
        from foreshape.semantics.pandas.support import Column, frame_value

        columns = tuple(Column(feature, "float64", *known.x) for feature in known.features)
        label = Column("target" if name != "fetch_california_housing" else "MedHouseVal", known.target, lo, hi)
        joined = frame_value(known.rows, (*columns, label))
        data = frame_value(known.rows, columns)
        target = frame_value(known.rows, (label,), kind="Series")
    if pair:
        return _pair(data, target)
    fields: dict[str, Value] = {
        "data": data,
        "target": target,
        "frame": joined,
        "DESCR": Typed("str"),
        "feature_names": listed("list", [Const(one) for one in known.features]),
    }
    if known.classes is not None:
        width = max(len(one) for one in known.classes) if isinstance(known.classes[0], str) else 0
        fields["target_names"] = made((len(known.classes),), f"<U{width}" if width else "int64", data=known.classes)
    elif name == "fetch_california_housing":
        fields["target_names"] = listed("list", [Const("MedHouseVal")])
    if name == "load_breast_cancer":
        fields["feature_names"] = made((30,), "<U23", data=known.features)
    if name == "load_digits":
        fields["images"] = made((1797, 8, 8), "float64", 0.0, 16.0)
    return bunch(**fields)


def _loader(name: str) -> None:
    @rule(P + name)
    def loader(cx: Context, *, return_X_y: Value | None = None, as_frame: Value | None = None) -> Value:
        """A Bunch, or (X, y)."""
        return _shipped(cx, name, return_X_y, as_frame)


for _name in ("load_iris", "load_wine", "load_breast_cancer"):
    _loader(_name)


@rule(P + "load_diabetes")
def load_diabetes(
    cx: Context, *, return_X_y: Value | None = None, as_frame: Value | None = None, scaled: Value | None = None
) -> Value:
    return _shipped(cx, "load_diabetes", return_X_y, as_frame)


@rule(P + "load_digits")
def load_digits(
    cx: Context, *, n_class: Value | None = None, return_X_y: Value | None = None, as_frame: Value | None = None
) -> Value:
    """(1797, 64); fewer with ``n_class``."""
    if n_class is None or as_int(n_class) == 10:
        return _shipped(cx, "load_digits", return_X_y, as_frame)
    classes = as_int(n_class)
    rows: DimLike = {1: 178, 2: 360, 3: 537, 4: 720, 5: 901, 6: 1083, 7: 1264, 8: 1443, 9: 1617}.get(
        classes or 0
    ) or cx.fresh("samples of digits", hi=1797)
    x = made((rows, 64), "float64", 0.0, 16.0)
    y = made((rows,), "int64", 0, None if classes is None else classes - 1)
    if return_X_y is not None and as_bool(return_X_y):
        return _pair(x, y)
    return bunch(
        data=x,
        target=y,
        images=made((rows, 8, 8), "float64", 0.0, 16.0),
        DESCR=Typed("str"),
        target_names=made((10,), "int64", 0, 9),
    )


@rule(P + "load_linnerud")
def load_linnerud(cx: Context, *, return_X_y: Value | None = None, as_frame: Value | None = None) -> Value:
    x, y = made((20, 3), "float64"), made((20, 3), "float64")
    if as_frame is not None and as_bool(as_frame) is not False:
        return cx.unknown("linnerud as a frame is not modelled")
    return _pair(x, y) if return_X_y is not None and as_bool(return_X_y) else bunch(data=x, target=y)


# -- downloaded ----------
@rule(P + "fetch_california_housing")
def fetch_california_housing(
    cx: Context,
    *,
    data_home: Value | None = None,
    download_if_missing: Value | None = None,
    return_X_y: Value | None = None,
    as_frame: Value | None = None,
    n_retries: Value | None = None,
    delay: Value | None = None,
) -> Value:
    """(20640, 8)."""
    return _shipped(cx, "fetch_california_housing", return_X_y, as_frame)


@rule(P + "fetch_olivetti_faces")
def fetch_olivetti_faces(cx: Context, **kwargs: Value) -> Value:
    x, y = made((400, 4096), "float32", 0.0, 1.0), made((400,), "int64", 0, 39)
    flag = kwargs.get("return_X_y")
    if flag is not None and as_bool(flag):
        return _pair(x, y)
    return bunch(data=x, target=y, images=made((400, 64, 64), "float32", 0.0, 1.0), DESCR=Typed("str"))


@rule(P + "fetch_covtype")
def fetch_covtype(cx: Context, **kwargs: Value) -> Value:
    x, y = made((581012, 54), "float64"), made((581012,), "int32", 1, 7)
    frame, flag = kwargs.get("as_frame"), kwargs.get("return_X_y")
    if frame is not None and as_bool(frame) is not False:
        return cx.unknown("covtype as a frame is not modelled")
    return _pair(x, y) if flag is not None and as_bool(flag) else bunch(data=x, target=y, DESCR=Typed("str"))


@rule(P + "fetch_openml")
def fetch_openml(cx: Context, name: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """MNIST and its relatives have known sizes; everything else is read when the program runs."""
    known = {"mnist_784": (70000, 784), "Fashion-MNIST": (70000, 784)}.get(as_str(name) or "")
    frame = kwargs.get("as_frame")
    if known is None or frame is None or as_bool(frame) is not False:
        return cx.unknown("a data set that is downloaded")
    x, y = made(known, "int64", 0, 255), made((known[0],), "object")
    flag = kwargs.get("return_X_y")
    return _pair(x, y) if flag is not None and as_bool(flag) else bunch(data=x, target=y, DESCR=Typed("str"))


@rule(P + "fetch_20newsgroups")
def fetch_20newsgroups(cx: Context, **kwargs: Value) -> Value:
    """Texts and their group."""
    from foreshape.domain.contents import Contents, Run

    subset, chosen = kwargs.get("subset"), kwargs.get("categories")
    rows: DimLike = {"train": 11314, "test": 7532, "all": 18846}.get(as_str(subset) or "train", 11314)
    classes: DimLike | None = 20
    if chosen is not None and given(chosen):
        rows, classes = cx.fresh("texts"), cx.length(chosen)
    texts = Sequence("list", Contents((Run(rows, Typed("str")),)))
    hi = None if classes is None else classes - 1
    return bunch(
        data=texts,
        target=made((rows,), "int64", 0, hi),
        DESCR=Typed("str"),
        target_names=cx.unknown("names of groups")
        if classes is None
        else Sequence("list", Contents((Run(classes, Typed("str")),))),
    )


# -- generated ----------
def _size(cx: Context, value: Value | None, default: int) -> DimLike:
    if value is None:
        return default
    found = cx.dim(value)
    return cx.fresh() if found is None else found


@rule(P + "make_classification")
def make_classification(
    cx: Context,
    n_samples: Value | None = None,
    n_features: Value | None = None,
    *,
    n_informative: Value | None = None,
    n_redundant: Value | None = None,
    n_repeated: Value | None = None,
    n_classes: Value | None = None,
    n_clusters_per_class: Value | None = None,
    weights: Value | None = None,
    flip_y: Value | None = None,
    class_sep: Value | None = None,
    hypercube: Value | None = None,
    shift: Value | None = None,
    scale: Value | None = None,
    shuffle: Value | None = None,
    random_state: Value | None = None,
    return_X_y: Value | None = None,
) -> Value:
    rows, columns, classes = _size(cx, n_samples, 100), _size(cx, n_features, 20), _size(cx, n_classes, 2)
    x, y = made((rows, columns), "float64"), made((rows,), "int64", 0, classes - 1)
    if return_X_y is not None and as_bool(return_X_y) is not True:
        return bunch(X=x, y=y)
    return _pair(x, y)


@rule(P + "make_regression")
def make_regression(
    cx: Context,
    n_samples: Value | None = None,
    n_features: Value | None = None,
    *,
    n_informative: Value | None = None,
    n_targets: Value | None = None,
    bias: Value | None = None,
    effective_rank: Value | None = None,
    tail_strength: Value | None = None,
    noise: Value | None = None,
    shuffle: Value | None = None,
    coef: Value | None = None,
    random_state: Value | None = None,
) -> Value:
    """y has one axis for one target."""
    rows, columns = _size(cx, n_samples, 100), _size(cx, n_features, 100)
    targets = 1 if n_targets is None else as_dim(n_targets)
    x = made((rows, columns), "float64")
    if targets is None or not isinstance(targets, int):
        y = made(None, "float64")
        slopes = made(None, "float64")
    else:
        y = made((rows,) if targets == 1 else (rows, targets), "float64")
        slopes = made((columns,) if targets == 1 else (columns, targets), "float64")
    if coef is not None and as_bool(coef):
        return listed("tuple", [x, y, slopes])
    return _pair(x, y)


@rule(P + "make_blobs")
def make_blobs(
    cx: Context,
    n_samples: Value | None = None,
    n_features: Value | None = None,
    *,
    centers: Value | None = None,
    cluster_std: Value | None = None,
    center_box: Value | None = None,
    shuffle: Value | None = None,
    random_state: Value | None = None,
    return_centers: Value | None = None,
) -> Value:
    columns: DimLike = _size(cx, n_features, 2)
    groups: DimLike | None = 3
    rows: DimLike
    if n_samples is not None and not isinstance(n_samples, (Const, Typed)) and as_dim(n_samples) is None:
        parts = cx.length(n_samples)
        groups, rows = parts, cx.fresh("samples")
        items = n_samples.contents.items(64) if isinstance(n_samples, Sequence) else None
        counts = [as_dim(item) for item in items or ()]
        if items and all(count is not None for count in counts):
            rows = sum((count for count in counts[1:] if count is not None), counts[0] or 0)
    else:
        rows = _size(cx, n_samples, 100)
    if centers is not None and given(centers):
        groups = as_dim(centers)
        if groups is None:
            groups = samples_of(cx, centers)
            from foreshape.semantics.numpy.array_from import as_array

            placed = as_array(cx, centers)
            columns = (
                placed.shape[1] if isinstance(placed, Array) and placed.shape and len(placed.shape) == 2 else cx.fresh()
            )
    x, y = made((rows, columns), "float64"), made((rows,), "int64", 0, None if groups is None else groups - 1)
    if return_centers is not None and as_bool(return_centers):
        return listed("tuple", [x, y, made((cx.fresh() if groups is None else groups, columns), "float64")])
    return _pair(x, y)


@rule(P + "make_moons")
def make_moons(
    cx: Context,
    n_samples: Value | None = None,
    *,
    shuffle: Value | None = None,
    noise: Value | None = None,
    random_state: Value | None = None,
) -> Value:
    rows = _points(cx, n_samples)
    return _pair(made((rows, 2), "float64"), made((rows,), "int64", 0, 1))


@rule(P + "make_circles")
def make_circles(
    cx: Context,
    n_samples: Value | None = None,
    *,
    shuffle: Value | None = None,
    noise: Value | None = None,
    random_state: Value | None = None,
    factor: Value | None = None,
) -> Value:
    rows = _points(cx, n_samples)
    return _pair(made((rows, 2), "float64"), made((rows,), "int64", 0, 1))


def _points(cx: Context, n_samples: Value | None) -> DimLike:
    if isinstance(n_samples, Sequence):
        items = n_samples.contents.items(2)
        counts = [as_dim(item) for item in items or ()]
        if len(counts) == 2 and counts[0] is not None and counts[1] is not None:
            return counts[0] + counts[1]
        return cx.fresh("samples")
    return _size(cx, n_samples, 100)


@rule(P + "make_s_curve", P + "make_swiss_roll")
def make_s_curve(
    cx: Context,
    n_samples: Value | None = None,
    *,
    noise: Value | None = None,
    random_state: Value | None = None,
    hole: Value | None = None,
) -> Value:
    rows = _size(cx, n_samples, 100)
    return _pair(made((rows, 3), "float64"), made((rows,), "float64"))


@rule(P + "make_friedman1")
def make_friedman1(
    cx: Context,
    n_samples: Value | None = None,
    n_features: Value | None = None,
    *,
    noise: Value | None = None,
    random_state: Value | None = None,
) -> Value:
    rows = _size(cx, n_samples, 100)
    return _pair(made((rows, _size(cx, n_features, 10)), "float64"), made((rows,), "float64"))


@rule(P + "make_multilabel_classification")
def make_multilabel_classification(
    cx: Context,
    n_samples: Value | None = None,
    n_features: Value | None = None,
    *,
    n_classes: Value | None = None,
    n_labels: Value | None = None,
    length: Value | None = None,
    allow_unlabeled: Value | None = None,
    sparse: Value | None = None,
    return_indicator: Value | None = None,
    return_distributions: Value | None = None,
    random_state: Value | None = None,
) -> Value:
    if any(one is not None for one in (sparse, return_indicator, return_distributions)):
        return cx.unknown("these options are not modelled")
    rows, columns, classes = _size(cx, n_samples, 100), _size(cx, n_features, 20), _size(cx, n_classes, 5)
    return _pair(made((rows, columns), "float64", 0), made((rows, classes), "int64", 0, 1))


@rule(P + "load_sample_image")
def load_sample_image(cx: Context, image_name: Value) -> Value:
    return made((427, 640, 3), "uint8", 0, 255)
