"""Plots of results, choosing columns by their dtype, scorers by their name, and what else helps around estimators.

https://scikit-learn.org/stable/visualizations.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents, Run
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    LibraryRef,
    Sequence,
    SliceValue,
    Typed,
    Value,
    as_dim,
    as_str,
    is_none,
)
from foreshape.semantics.numpy.support import given, listed, made
from foreshape.semantics.registry import constant, library_type, library_types, rule
from foreshape.semantics.sklearn.datasets import bunch
from foreshape.semantics.sklearn.preprocessing import BASE, TRANSFORMER
from foreshape.semantics.sklearn.support import (
    check_features,
    consistent,
    fitted,
    float_of,
    keep_parameters,
    matrix,
    remember,
    short_name,
    sparse,
)

if TYPE_CHECKING:
    from foreshape.domain.dim import DimLike
    from foreshape.semantics.protocol import Context

# -- plots --------------------------------------------------------------------------------------------------------------
DISPLAY: Final = library_type("sklearn.metrics.~Display")
library_types(
    (f"sklearn.{name}", (DISPLAY,))
    for name in (
        "metrics.ConfusionMatrixDisplay", "metrics.DetCurveDisplay", "metrics.PrecisionRecallDisplay",
        "metrics.PredictionErrorDisplay", "metrics.RocCurveDisplay", "calibration.CalibrationDisplay",
        "model_selection.LearningCurveDisplay", "model_selection.ValidationCurveDisplay",
        "inspection.DecisionBoundaryDisplay", "inspection.PartialDependenceDisplay",
    )
)  # fmt: skip


@rule(f"{DISPLAY}.__init__")
def display(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """What is plotted is kept under its names."""
    if args and short_name(self) == "ConfusionMatrixDisplay":
        kwargs = {"confusion_matrix": args[0], **kwargs}
    keep_parameters(cx, self, **kwargs)
    return Const(None)


@rule(f"{DISPLAY}.plot")
def plot(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """The display itself."""
    return self


@rule(f"{DISPLAY}.from_predictions")
def from_predictions(cx: Context, cls: Value, y_true: Value, *args: Value, **kwargs: Value) -> Value:
    """A display. ValueError for other numbers of labels and predictions."""
    named = [kwargs[key] for key in ("y_pred", "y_score", "y_prob") if key in kwargs]
    others = (*args[:1], *named[:1])
    if others and given(others[0]):
        consistent(cx, (y_true, others[0]), ("y_true", "y_pred"))
    return Instance(cls) if isinstance(cls, LibraryRef) else cx.unknown("a display")


@rule(f"{DISPLAY}.from_estimator")
def from_estimator(cx: Context, cls: Value, estimator: Value, *args: Value, **kwargs: Value) -> Value:
    """A display of what the estimator gives for the data."""
    return Instance(cls) if isinstance(cls, LibraryRef) else cx.unknown("a display")


@rule("sklearn.tree.plot_tree")
def plot_tree(cx: Context, decision_tree: Value, **kwargs: Value) -> Value:
    """A list of annotations, one per node."""
    return Sequence("list", Contents((Run(cx.fresh("nodes"), cx.unknown("an annotation of a plot")),)))


# -- columns by dtype ---------------------------------------------------------------------------------------------------
CHOOSER: Final = library_type("sklearn.compose.make_column_selector")


@rule(f"{CHOOSER}.__init__")
def make_column_selector(
    cx: Context, self: Instance, pattern: Value | None = None, *, dtype_include: Value | None = None,
    dtype_exclude: Value | None = None,
) -> Value:  # fmt: skip
    """Keeps what it is asked for."""
    keep_parameters(cx, self, pattern=pattern, dtype_include=dtype_include, dtype_exclude=dtype_exclude)
    return Const(None)


@rule(f"{CHOOSER}.__call__")
def select_columns(cx: Context, self: Instance, df: Value) -> Value:
    """The labels of the columns, as ``select_dtypes`` finds them."""
    from foreshape.semantics.pandas.support import is_frame

    fields = {key: self.fields.get(key) for key in ("pattern", "dtype_include", "dtype_exclude")}
    pattern = fields["pattern"]
    if not is_frame(df) or (isinstance(pattern, Value) and not is_none(pattern)):
        return cx.unknown("which columns are chosen is not known")
    chosen: dict[str, Value] = {}
    for key in ("include", "exclude"):
        held = fields[f"dtype_{key}"]
        if isinstance(held, Value) and not is_none(held):
            chosen[key] = held
    found = cx.call_method(df, "select_dtypes", (), chosen) if chosen else df
    return cx.call_method(cx.get_attribute(found, "columns"), "tolist")


# -- scorers ------------------------------------------------------------------------------------------------------------
SCORER: Final = library_type("sklearn.metrics.~Scorer")


@rule("sklearn.metrics.check_scoring")
def check_scoring(cx: Context, estimator: Value | None = None, scoring: Value | None = None, **kwargs: Value) -> Value:
    """A scorer; one that gives a dict where several scores are asked for."""
    if scoring is not None and given(scoring) and as_str(scoring) is None:
        return Instance(LibraryRef(SCORER))
    return Instance(LibraryRef(SCORER), {"~number": True})


@rule("sklearn.metrics.get_scorer")
def get_scorer(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """A function of an estimator and data that gives a number."""
    return Instance(LibraryRef(SCORER), {"~number": True})


@rule("sklearn.metrics.make_scorer")
def make_scorer(cx: Context, score_func: Value, **kwargs: Value) -> Value:
    """A function of an estimator and data that gives what the function gives."""
    return Instance(LibraryRef(SCORER))


@rule(f"{SCORER}.__call__")
def score(
    cx: Context, self: Instance, estimator: Value, X: Value, y_true: Value | None = None, **kwargs: Value
) -> Value:
    """The score. ValueError for other numbers of samples in X and y."""
    if y_true is not None and given(y_true):
        consistent(cx, (y_true, X), ("y", "X"))
    return Typed("float") if self.fields.get("~number") else cx.unknown("a score of a function of the program")


# -- neighbours and kernels as transformers -------------------------------------------------------------------------------
GRAPHS: Final = library_type("sklearn.neighbors.~GraphTransformer", BASE, TRANSFORMER)
for _name in ("KNeighborsTransformer", "RadiusNeighborsTransformer"):
    library_type(f"sklearn.neighbors.{_name}", GRAPHS)
CENTERER: Final = library_type("sklearn.preprocessing.KernelCenterer", BASE, TRANSFORMER)
CODER: Final = library_type("sklearn.decomposition.SparseCoder", BASE, TRANSFORMER)
TREES: Final = library_type("sklearn.ensemble.RandomTreesEmbedding", BASE, TRANSFORMER)


@rule(f"{GRAPHS}.__init__", f"{CENTERER}.__init__", f"{TREES}.__init__")
def transformer(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """The arguments are attributes."""
    keep_parameters(cx, self, **kwargs)
    return Const(None)


@rule(f"{GRAPHS}.fit", f"{CENTERER}.fit", f"{TREES}.fit", f"{CODER}.fit")
def fit(cx: Context, self: Instance, X: Value, y: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """Remembers the number of features, and of samples. ValueError for another number of axes."""
    array = matrix(cx, X, short_name(self))
    remember(cx, self, array)
    cx.set(self, "~rows", array.shape[0] if isinstance(array, Array) and array.shape else None)
    return self


def _size(cx: Context, self: Instance, X: Value) -> tuple[DimLike, DimLike, str | None] | None:
    """(samples, features, dtype) of data for a fitted transformer."""
    fitted(cx, self)
    array = matrix(cx, X, short_name(self))
    check_features(cx, self, array, X)
    if not isinstance(array, Array) or array.shape is None:
        return None
    return array.shape[0], array.shape[1], array.dtype


@rule(f"{GRAPHS}.transform")
def graph(cx: Context, self: Instance, X: Value) -> Value:
    """(samples, samples it was fitted on), sparse."""
    sizes, known = _size(cx, self, X), self.fields.get("~rows")
    if sizes is None or known is None:
        return cx.unknown("the number of samples is not known")
    return sparse((sizes[0], known), None)


@rule(f"{CENTERER}.transform")
def center(cx: Context, self: Instance, K: Value, copy: Value | None = None) -> Value:
    """A kernel of the same shape."""
    sizes = _size(cx, self, K)
    return cx.unknown("the kernel is not known") if sizes is None else made(sizes[:2], float_of(sizes[2]))


@rule(f"{TREES}.transform")
def leaves(cx: Context, self: Instance, X: Value) -> Value:
    """A column for each leaf of the trees, sparse: as many as the data makes."""
    sizes = _size(cx, self, X)
    return cx.unknown("the data is not known") if sizes is None else sparse((sizes[0], cx.fresh("leaves")), "float64")


@rule(f"{GRAPHS}.fit_transform", f"{CENTERER}.fit_transform", f"{TREES}.fit_transform")
def fit_transform(
    cx: Context, self: Instance, X: Value, y: Value | None = None, *args: Value, **kwargs: Value
) -> Value:
    """``fit``, then ``transform``."""
    fit(cx, self, X, y)
    return cx.call_method(self, "transform", (X,))


@rule(f"{CODER}.__init__")
def coder(cx: Context, self: Instance, dictionary: Value, **kwargs: Value) -> Value:
    """The dictionary decides how many columns come out."""
    keep_parameters(cx, self, dictionary=dictionary, **kwargs)
    return Const(None)


@rule(f"{CODER}.transform", f"{CODER}.fit_transform")
def code(cx: Context, self: Instance, X: Value, y: Value | None = None, **fit_params: Value) -> Value:
    """(samples, atoms)."""
    if "split_sign" in self.fields:
        return cx.unknown("whether the signs are split is not known")
    array, atoms = matrix(cx, X, short_name(self)), cx.length(self.fields.get("dictionary", Const(None)))
    if not isinstance(array, Array) or array.shape is None or atoms is None:
        return cx.unknown("the data is not known")
    return made((array.shape[0], atoms), None)


# -- files and words ------------------------------------------------------------------------------------------------------
@rule("sklearn.datasets.load_files")
def load_files(cx: Context, container_path: Value, **kwargs: Value) -> Value:
    """Texts from folders, a folder per class."""
    count = cx.fresh("files", lo=0)
    texts = Sequence("list", Contents((Run(count, cx.unknown("the text of a file")),)))
    names = Sequence("list", Contents((Run(cx.fresh("folders", lo=0), Typed("str")),)))
    return bunch(data=texts, target=made((count,), "int64", 0), target_names=names, filenames=made((count,), None))


@rule("sklearn.datasets.load_svmlight_file")
def load_svmlight_file(
    cx: Context, f: Value, *, n_features: Value | None = None, dtype: Value | None = None,
    multilabel: Value | None = None, query_id: Value | None = None, **kwargs: Value,
) -> Value:  # fmt: skip
    """(samples, features), sparse, and the labels."""
    if dtype is not None or multilabel is not None or query_id is not None:
        return cx.unknown("what is read depends on the options")
    rows = cx.fresh("samples", lo=0)
    columns = as_dim(n_features) if n_features is not None and given(n_features) else None
    width = cx.fresh("features") if columns is None else columns
    return listed("tuple", [sparse((rows, width), "float64"), made((rows,), "float64")])


@rule("sklearn.datasets.load_sample_images")
def load_sample_images(cx: Context) -> Value:
    """Two pictures, a temple and a flower."""
    pictures: list[Value] = [made((427, 640, 3), "uint8", 0, 255) for _ in range(2)]
    return bunch(images=listed("list", pictures), filenames=cx.unknown("where the pictures are"), DESCR=Typed("str"))


@rule(
    "sklearn.feature_extraction.text.strip_accents_ascii", "sklearn.feature_extraction.text.strip_accents_unicode",
    "sklearn.feature_extraction.text.strip_tags", "sklearn.datasets.get_data_home",
)  # fmt: skip
def text(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """A text."""
    return Typed("str")


@constant("sklearn.feature_extraction.text.ENGLISH_STOP_WORDS")
def stop_words(cx: Context) -> Value:
    """A set of words."""
    return Sequence("frozenset", Contents((Run(318, Typed("str")),)))


# -- helpers ----------------------------------------------------------------------------------------------------------------
@rule("sklearn.utils.gen_even_slices")
def gen_even_slices(cx: Context, n: Value, n_packs: Value, *, n_samples: Value | None = None) -> Value:
    """Slices of n samples, as equal as they can be."""
    total, count = as_dim(n), as_dim(n_packs)
    if not isinstance(total, int) or not isinstance(count, int) or not 1 <= count <= 256 or n_samples is not None:
        return cx.unknown("how many slices there are is not known")
    parts: list[Value] = []
    start = 0
    for pack in range(count):
        end = start + total // count + (1 if pack < total % count else 0)
        if end > start:
            parts.append(SliceValue(Const(start), Const(end), Const(None)))
        start = end
    return listed("list", parts)


@rule("sklearn.utils.check_scalar")
def check_scalar(cx: Context, x: Value, name: Value, target_type: Value, **kwargs: Value) -> Value:
    """The number itself, where it is allowed."""
    return x


@rule("sklearn.utils.estimator_html_repr")
def html(cx: Context, estimator: Value) -> Value:
    """A text."""
    return Typed("str")


@rule("sklearn.model_selection.ParameterSampler")
def parameter_sampler(
    cx: Context, param_distributions: Value, n_iter: Value, *, random_state: Value | None = None
) -> Value:
    """Some combinations of the settings: at most ``n_iter`` dicts."""
    count = as_dim(n_iter)
    size = cx.fresh("settings", 0, count)
    return Sequence("list", Contents((Run(size, cx.unknown("one of some settings")),)))
