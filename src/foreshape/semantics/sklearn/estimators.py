"""Estimators: fit on (samples, features), predict for as many features.

https://scikit-learn.org/stable/supervised_learning.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain import compare
from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    ClassValue,
    Const,
    Instance,
    Typed,
    Unknown,
    Value,
    as_dim,
    as_str,
    int_value,
)
from foreshape.semantics.numpy.support import given, listed, made
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.sklearn.encoders import distinct
from foreshape.semantics.sklearn.preprocessing import BASE
from foreshape.semantics.sklearn.support import (
    as_data,
    check_features,
    column,
    consistent,
    features_of,
    fitted,
    invalid,
    keep_parameters,
    matrix,
    remember,
    samples_of,
    short_name,
)
from foreshape.semantics.sklearn.values_check import NEIGHBOURS, refuse_few_to_predict, refuse_gaps, refuse_values

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

ESTIMATOR: Final = library_type("sklearn.base.~Estimator", BASE)
REGRESSOR: Final = library_type("sklearn.base.RegressorMixin", ESTIMATOR)
CLASSIFIER: Final = library_type("sklearn.base.ClassifierMixin", ESTIMATOR)
CLUSTERER: Final = library_type("sklearn.base.ClusterMixin", ESTIMATOR)

REGRESSORS: Final = {
    "linear_model": "LinearRegression Ridge Lasso ElasticNet RidgeCV LassoCV ElasticNetCV SGDRegressor HuberRegressor "
    "BayesianRidge ARDRegression MultiTaskLasso MultiTaskLassoCV MultiTaskElasticNet MultiTaskElasticNetCV Lars LarsCV "
    "LassoLars LassoLarsCV LassoLarsIC OrthogonalMatchingPursuit OrthogonalMatchingPursuitCV GammaRegressor "
    "PoissonRegressor TweedieRegressor QuantileRegressor PassiveAggressiveRegressor RANSACRegressor TheilSenRegressor",
    "ensemble": "RandomForestRegressor ExtraTreesRegressor GradientBoostingRegressor HistGradientBoostingRegressor "
    "AdaBoostRegressor BaggingRegressor VotingRegressor StackingRegressor",
    "svm": "SVR LinearSVR NuSVR",
    "neighbors": "KNeighborsRegressor RadiusNeighborsRegressor",
    "tree": "DecisionTreeRegressor ExtraTreeRegressor",
    "neural_network": "MLPRegressor",
    "kernel_ridge": "KernelRidge",
    "gaussian_process": "GaussianProcessRegressor",
    "dummy": "DummyRegressor",
    "multioutput": "MultiOutputRegressor RegressorChain",
    "compose": "TransformedTargetRegressor",
    "cross_decomposition": "PLSRegression PLSCanonical CCA PLSSVD",
}
CLASSIFIERS: Final = {
    "linear_model": "LogisticRegression LogisticRegressionCV SGDClassifier Perceptron RidgeClassifier "
    "RidgeClassifierCV PassiveAggressiveClassifier",
    "ensemble": "RandomForestClassifier ExtraTreesClassifier GradientBoostingClassifier HistGradientBoostingClassifier "
    "AdaBoostClassifier BaggingClassifier VotingClassifier StackingClassifier",
    "svm": "SVC LinearSVC NuSVC",
    "neighbors": "KNeighborsClassifier RadiusNeighborsClassifier NearestCentroid",
    "tree": "DecisionTreeClassifier ExtraTreeClassifier",
    "neural_network": "MLPClassifier",
    "naive_bayes": "GaussianNB MultinomialNB BernoulliNB ComplementNB CategoricalNB",
    "discriminant_analysis": "LinearDiscriminantAnalysis QuadraticDiscriminantAnalysis",
    "gaussian_process": "GaussianProcessClassifier",
    "dummy": "DummyClassifier",
    "semi_supervised": "LabelPropagation LabelSpreading SelfTrainingClassifier",
    "calibration": "CalibratedClassifierCV",
    "multiclass": "OneVsRestClassifier OneVsOneClassifier OutputCodeClassifier",
    "multioutput": "MultiOutputClassifier ClassifierChain",
    "model_selection": "FixedThresholdClassifier TunedThresholdClassifierCV",
}
CLUSTERERS: Final = {
    "cluster": "KMeans MiniBatchKMeans BisectingKMeans DBSCAN AgglomerativeClustering SpectralClustering HDBSCAN OPTICS "
    "MeanShift Birch AffinityPropagation"
}
ONE_OUTPUT: Final = frozenset(
    (
        "SGDRegressor", "HuberRegressor", "BayesianRidge", "GradientBoostingRegressor",
        "HistGradientBoostingRegressor", "AdaBoostRegressor", "SVR", "LinearSVR", "NuSVR", "LogisticRegression",
        "LogisticRegressionCV", "SGDClassifier", "Perceptron", "GradientBoostingClassifier",
        "HistGradientBoostingClassifier", "AdaBoostClassifier", "SVC", "LinearSVC", "NuSVC", "GaussianNB",
        "MultinomialNB", "BernoulliNB", "ComplementNB", "LinearDiscriminantAnalysis",
        "QuadraticDiscriminantAnalysis", "LassoCV", "ElasticNetCV", "ARDRegression", "GammaRegressor",
        "PoissonRegressor", "TweedieRegressor", "QuantileRegressor", "LarsCV", "LassoLarsCV", "LassoLarsIC",
        "OrthogonalMatchingPursuitCV", "PassiveAggressiveRegressor", "TheilSenRegressor",
        "PassiveAggressiveClassifier", "NearestCentroid", "GaussianProcessClassifier", "LabelPropagation",
        "LabelSpreading",
    )
)  # fmt: skip
"""They take one value per sample and refuse several."""
KEEPS_COLUMN: Final = frozenset(
    (
        "LinearRegression", "KNeighborsRegressor", "RadiusNeighborsRegressor", "KernelRidge", "MultiTaskLasso",
        "MultiTaskElasticNet", "MultiTaskLassoCV", "MultiTaskElasticNetCV", "RANSACRegressor", "PLSRegression",
        "PLSCanonical", "CCA", "TransformedTargetRegressor", "MultiOutputRegressor", "RegressorChain",
        "MultiOutputClassifier", "ClassifierChain",
    )
)  # fmt: skip
"""y of shape (n, 1) gives predictions of shape (n, 1)."""
LOOSE_RANK: Final = frozenset(
    (
        "AdaBoostClassifier", "AdaBoostRegressor", "BaggingClassifier", "BaggingRegressor", "VotingRegressor",
        "VotingClassifier", "StackingRegressor", "StackingClassifier", "DummyRegressor", "DummyClassifier",
        "MultiOutputRegressor", "RegressorChain", "MultiOutputClassifier", "ClassifierChain",
        "TransformedTargetRegressor", "SelfTrainingClassifier", "CalibratedClassifierCV", "OneVsRestClassifier",
        "OneVsOneClassifier", "OutputCodeClassifier", "FixedThresholdClassifier", "TunedThresholdClassifierCV",
        "RANSACRegressor",
    )
)  # fmt: skip
"""What they hold decides which data they take."""
TREES: Final = ("DecisionTreeClassifier", "DecisionTreeRegressor", "ExtraTreeClassifier", "ExtraTreeRegressor")
UNCHECKED: Final = LOOSE_RANK - {"AdaBoostClassifier", "AdaBoostRegressor", "BaggingClassifier", "BaggingRegressor"}
"""A wrong number of features is the matter of what they hold."""
NO_SCORES: Final = frozenset(
    (
        "RandomForestClassifier", "ExtraTreesClassifier", "BaggingClassifier", "KNeighborsClassifier",
        "RadiusNeighborsClassifier", "DecisionTreeClassifier", "ExtraTreeClassifier", "MLPClassifier", "GaussianNB",
        "MultinomialNB", "BernoulliNB", "ComplementNB", "CategoricalNB", "GaussianProcessClassifier",
        "DummyClassifier", "LabelPropagation", "LabelSpreading", "CalibratedClassifierCV", "OutputCodeClassifier",
        "VotingClassifier", "SelfTrainingClassifier", "MultiOutputClassifier", "ClassifierChain",
    )
)  # fmt: skip
"""They have no ``decision_function``, or only sometimes."""
NO_PROBABILITIES: Final = frozenset(
    (
        "Perceptron", "RidgeClassifier", "RidgeClassifierCV", "PassiveAggressiveClassifier", "LinearSVC",
        "OneVsOneClassifier", "OutputCodeClassifier",
    )
)  # fmt: skip
"""They have no ``predict_proba`` at all."""

for _table, _base in ((REGRESSORS, REGRESSOR), (CLASSIFIERS, CLASSIFIER), (CLUSTERERS, CLUSTERER)):
    for _module, _names in _table.items():
        for _name in _names.split():
            library_type(f"sklearn.{_module}.{_name}", _base)

TRANSDUCTIVE: Final = ("DBSCAN", "HDBSCAN", "OPTICS", "AgglomerativeClustering", "SpectralClustering")
"""They label what they were fitted on and nothing else."""
FIRST: Final = {
    "KMeans": "n_clusters",
    "MiniBatchKMeans": "n_clusters",
    "AgglomerativeClustering": "n_clusters",
    "SpectralClustering": "n_clusters",
    "BisectingKMeans": "n_clusters",
    "PLSRegression": "n_components",
    "PLSCanonical": "n_components",
    "PLSSVD": "n_components",
    "CCA": "n_components",
    "KNeighborsClassifier": "n_neighbors",
    "KNeighborsRegressor": "n_neighbors",
}


@rule(f"{ESTIMATOR}.__init__")
def make(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """The arguments are attributes."""
    name = FIRST.get(short_name(self))
    if args and name is not None:
        kwargs = {name: args[0], **kwargs}
    keep_parameters(cx, self, **kwargs)
    return Const(None)


def _classifier(cx: Context, self: Instance) -> bool:
    return bool(cx.is_instance(self, CLASSIFIER))


def _takes_any(self: Instance) -> bool:
    """Whether what an estimator holds decides which data it takes: other estimators, or a kernel of the program's own."""
    kernel = self.fields.get("kernel")
    own = isinstance(kernel, Unknown) or (isinstance(kernel, Instance) and isinstance(kernel.cls, ClassValue))
    return own or short_name(self) in LOOSE_RANK


# -- fit ----------
@rule(
    f"{REGRESSOR}.fit",
    f"{CLASSIFIER}.fit",
    f"{REGRESSOR}.partial_fit",
    f"{CLASSIFIER}.partial_fit",
    doc="https://scikit-learn.org/stable/developers/develop.html",
)
def fit(cx: Context, self: Instance, X: Value, y: Value, *args: Value, **kwargs: Value) -> Value:
    """ValueError for another number of axes, or of samples in X and y."""
    array = as_data(cx, X) if _takes_any(self) else matrix(cx, X, short_name(self))
    refuse_values(cx, self, X, array)
    target = _target(cx, self, y)
    refuse_gaps(cx, self, y, target)
    if short_name(self) not in UNCHECKED:
        _same_samples(cx, self, X, y)
    remember(cx, self, array)
    if short_name(self) in NEIGHBOURS:
        cx.set(self, "~rows", _rows(cx, array) if isinstance(array, Array) else None)
    _learn(cx, self, target)
    if given(kwargs.get("classes")) and "~classes" in self.fields:
        # ``partial_fit`` is told all labels, of which a batch need not hold each
        count = cx.length(kwargs["classes"])
        cx.set(self, "~classes", cx.unknown("the labels are not known") if count is None else int_value(count))
    return self


def _same_samples(cx: Context, self: Instance, X: Value, y: Value) -> None:
    """Trees count for themselves and say it in other words."""
    if short_name(self) not in TREES:
        consistent(cx, (X, y), ("X", "y"))
        return
    rows, labels = samples_of(cx, X), samples_of(cx, y)
    if rows is not None and labels is not None and not cx.equal(labels, rows):
        from foreshape.faults.base import Raises
        from foreshape.faults.cardinality import Cardinality

        text = f"Number of labels={labels} does not match number of samples={rows}"
        raise Cardinality(
            Raises("ValueError", text, by="scikit-learn"), values=(X, y), sizes=(("X", rows), ("y", labels))
        )


def _target(cx: Context, self: Instance, y: Value) -> Array | Unknown:
    if short_name(self) in ONE_OUTPUT:
        return column(cx, y, short_name(self))
    found = as_data(cx, y)
    if short_name(self).startswith("MultiOutput") and isinstance(found, Array) and found.shape is not None:
        if len(found.shape) == 1:
            text = "y must have at least two dimensions for multi-output regression but has only one."
            from foreshape.faults.base import Raises
            from foreshape.faults.rank_mismatch import RankMismatch

            raise RankMismatch(
                Raises("ValueError", text, by="scikit-learn"), values=(y,), taker=short_name(self), needs=2,
                axes=("samples", "outputs"), got=found.shape,
            )  # fmt: skip
    return found


def _learn(cx: Context, self: Instance, target: Array | Unknown) -> None:
    """What predictions look like."""
    outputs: Value = cx.unknown("the labels are not known")
    if isinstance(target, Array) and target.shape is not None:
        if len(target.shape) == 1:
            outputs = Const(None)
        elif len(target.shape) == 2:
            width = cx.resolve(target.shape[1])
            one = compare.eq(width, 1, cx.facts)
            squeezed = one.is_yes and short_name(self) not in KEEPS_COLUMN
            if squeezed:
                outputs = Const(None)
            elif one.is_unknown and short_name(self) not in KEEPS_COLUMN:
                outputs = cx.unknown("whether there is one output or several is not known")
            else:
                outputs = int_value(width)
    cx.set(self, "~outputs", outputs)
    cx.set(self, "~labels", target)
    if _classifier(cx, self) and isinstance(outputs, Const) and outputs.value is None and isinstance(target, Array):
        classes = distinct(cx, target, "classes")
        cx.set(self, "~classes", int_value(classes))
        cx.set(self, "classes_", made((classes,), target.dtype))


def _rows(cx: Context, array: Array | Unknown) -> DimLike:
    return array.shape[0] if isinstance(array, Array) and array.shape else cx.fresh("samples", 0)


def _checked(cx: Context, self: Instance, X: Value) -> Array | Unknown:
    fitted(cx, self)
    array = as_data(cx, X) if _takes_any(self) else matrix(cx, X, short_name(self))
    if short_name(self) not in UNCHECKED:
        check_features(cx, self, array, X)
    refuse_values(cx, self, X, array)
    return array


# -- predict ----------
@rule(f"{REGRESSOR}.predict", f"{CLASSIFIER}.predict")
def predict(cx: Context, self: Instance, X: Value, *args: Value, **kwargs: Value) -> Value:
    """(n,), or (n, outputs) where fit saw several. ValueError for another number of features."""
    array = _checked(cx, self, X)
    refuse_few_to_predict(cx, self, array, X)
    rows = _rows(cx, array)
    outputs = self.fields.get("~outputs")
    labels = self.fields.get("~labels")
    several = not (isinstance(outputs, Const) and outputs.value is None)
    if several and (given(kwargs.get("return_std")) or given(kwargs.get("return_cov"))):
        return cx.unknown("how many outputs there are is not known")
    if given(kwargs.get("return_std")):
        return listed("tuple", [made((rows,), None), made((rows,), None)])
    if given(kwargs.get("return_cov")):
        return listed("tuple", [made((rows,), None), made((rows, rows), None)])
    dtype = labels.dtype if isinstance(labels, Array) else None
    lo = labels.lo if isinstance(labels, Array) else None
    hi = labels.hi if isinstance(labels, Array) else None
    if not _classifier(cx, self):
        plain = isinstance(array, Array) and array.dtype is not None and array.dtype != "float32"
        dtype, lo, hi = ("float64" if plain else None), None, None
    if isinstance(outputs, Const) and outputs.value is None:
        return made((rows,), dtype, lo, hi)
    width = as_dim(outputs) if isinstance(outputs, Value) else None
    if width is not None:
        return made((rows, width), None if _classifier(cx, self) else dtype, lo, hi)
    return cx.unknown("how many outputs there are is not known")


@rule(f"{CLASSIFIER}.decision_function")
def decision_function(cx: Context, self: Instance, X: Value) -> Value:
    """(n, classes), (n,) for two of them."""
    array = _checked(cx, self, X)
    found = self.fields.get("~classes")
    classes = as_dim(found) if isinstance(found, Value) else None
    shape = self.fields.get("decision_function_shape")
    if not isinstance(classes, int) or (isinstance(shape, Value) and as_str(shape) != "ovr"):
        return cx.unknown("how many classes there are is not known")
    if short_name(self) in NO_SCORES:
        return cx.unknown("whether it has a decision function depends on what it holds")
    return made((_rows(cx, array),) if classes == 2 else (_rows(cx, array), classes), None)


@rule(f"{CLASSIFIER}.predict_proba", f"{CLASSIFIER}.predict_log_proba")
def predict_proba(cx: Context, self: Instance, X: Value, *args: Value, **kwargs: Value) -> Value:
    """(n, classes)."""
    name = short_name(self)
    lacks = name in NO_PROBABILITIES
    if lacks or (name in ("SVC", "NuSVC") and self.fields.get("~made") and "probability" not in self.fields):
        from foreshape.faults.base import Raises
        from foreshape.faults.missing_attribute import MissingAttribute

        text = f"This '{name}' has no attribute 'predict_proba'"
        if lacks:
            text = f"'{name}' object has no attribute 'predict_proba'"
        raise MissingAttribute(
            Raises("AttributeError", text, by="scikit-learn"), values=(self,), owner=name, attribute="predict_proba"
        )
    if name in SEVERAL_TABLES:
        return _tables(cx, self, X)
    array = _checked(cx, self, X)
    found = self.fields.get("~classes")
    classes = as_dim(found) if isinstance(found, Value) else None
    if classes is None:
        return cx.unknown("how many classes there are is not known")
    plain = isinstance(array, Array) and array.dtype is not None and array.dtype != "float32"
    return made((_rows(cx, array), cx.resolve(classes)), "float64" if plain else None)


SEVERAL_TABLES: Final = frozenset(
    ("MultiOutputClassifier", "RandomForestClassifier", "ExtraTreesClassifier", "DecisionTreeClassifier",
     "ExtraTreeClassifier", "KNeighborsClassifier")
)  # fmt: skip
"""``predict_proba`` of several outputs is a list with a table for each."""


def _tables(cx: Context, self: Instance, X: Value) -> Value:
    """(n, classes), or a list of as many as there are outputs."""
    array = _checked(cx, self, X)
    rows, outputs, found = _rows(cx, array), self.fields.get("~outputs"), self.fields.get("~classes")
    classes = as_dim(found) if isinstance(found, Value) else None
    plain = isinstance(array, Array) and array.dtype is not None and array.dtype != "float32"
    dtype = "float64" if plain else None
    if isinstance(outputs, Const) and outputs.value is None and classes is not None:
        return made((rows, cx.resolve(classes)), dtype)
    width = as_dim(outputs) if isinstance(outputs, Value) else None
    if not isinstance(width, int) or width > 64:
        return cx.unknown("how many classes there are is not known")
    return listed("list", [made((rows, cx.fresh("classes")), dtype) for _ in range(width)])


@rule(f"{REGRESSOR}.score", f"{CLASSIFIER}.score")
def score(cx: Context, self: Instance, X: Value, y: Value, sample_weight: Value | None = None) -> Value:
    _checked(cx, self, X)
    consistent(cx, (y, X), ("y", "X"))
    return Typed("float")


@rule("sklearn.linear_model.LogisticRegressionCV.score")
def score_by_choice(
    cx: Context, self: Instance, X: Value, y: Value, sample_weight: Value | None = None, **score_params: Value
) -> Value:
    """A number; parameters are for the scorer that it was made with."""
    return score(cx, self, X, y)


def _coefficients(cx: Context, self: Instance) -> Value:
    features = features_of(cx, self)
    outputs = self.fields.get("~outputs")
    if features is None or not isinstance(outputs, Value):
        return cx.unknown("how many features it was fitted on is not known")
    if _classifier(cx, self):
        classes = as_dim(self.fields["~classes"]) if isinstance(self.fields.get("~classes"), Value) else None
        if not isinstance(classes, int):
            return cx.unknown("how many classes there are is not known")
        return made((1 if classes == 2 else classes, features), None)
    if isinstance(outputs, Const) and outputs.value is None:
        return made((features,), None)
    width = as_dim(outputs)
    return cx.unknown("how many outputs there are is not known") if width is None else made((width, features), None)


from foreshape.semantics.registry import attribute  # noqa: E402


@attribute(
    *(
        f"sklearn.linear_model.{name}.coef_"
        for name in (
            "LinearRegression", "Ridge", "Lasso", "ElasticNet", "LogisticRegression", "LassoCV", "RidgeCV",
            "ElasticNetCV", "BayesianRidge", "HuberRegressor", "SGDRegressor", "SGDClassifier", "Perceptron",
            "LogisticRegressionCV", "PoissonRegressor",
        )
    ),
    "sklearn.svm.LinearSVC.coef_",
    "sklearn.svm.LinearSVR.coef_",
)  # fmt: skip
def coef(cx: Context, self: Instance) -> Value:
    return _coefficients(cx, self)


@attribute(
    *(
        f"sklearn.linear_model.{name}.intercept_"
        for name in ("LinearRegression", "LogisticRegression", "LogisticRegressionCV", "SGDClassifier", "Perceptron")
    ),
    "sklearn.svm.LinearSVC.intercept_",
)
def intercept(cx: Context, self: Instance) -> Value:
    """One per class (one for two of them); of a regression a float, or one per output."""
    if _classifier(cx, self):
        classes = as_dim(self.fields["~classes"]) if isinstance(self.fields.get("~classes"), Value) else None
        if not isinstance(classes, int):
            return cx.unknown("how many classes there are is not known")
        return made((1 if classes == 2 else classes,), None)
    outputs = self.fields.get("~outputs")
    if isinstance(outputs, Const) and outputs.value is None:
        return Typed("float")
    width = as_dim(outputs) if isinstance(outputs, Value) else None
    return cx.unknown("how many outputs there are is not known") if width is None else made((width,), None)


@attribute(f"{REGRESSOR}.feature_importances_", f"{CLASSIFIER}.feature_importances_")
def importances(cx: Context, self: Instance) -> Value:
    features = features_of(cx, self)
    return (
        cx.unknown("how many features it was fitted on is not known")
        if features is None
        else made((features,), "float64")
    )


# -- clusters ----------
def _label_dtype(self: Instance) -> str:
    return (
        "int32"
        if short_name(self) in ("KMeans", "MiniBatchKMeans", "BisectingKMeans", "SpectralClustering")
        else "int64"
    )


def _clusters(cx: Context, self: Instance) -> DimLike | None:
    found = self.fields.get("n_clusters")
    if isinstance(found, Value):
        return as_dim(found)
    return {
        "KMeans": 8,
        "MiniBatchKMeans": 8,
        "BisectingKMeans": 8,
        "AgglomerativeClustering": 2,
        "SpectralClustering": 8,
    }.get(short_name(self))


def _fit_clusters(cx: Context, self: Instance, X: Value) -> Array | Unknown:
    array = matrix(cx, X, short_name(self))
    count = _clusters(cx, self)
    limited = "KMeans" in short_name(self) and isinstance(array, Array) and bool(array.shape)
    if count is not None and limited and not cx.at_least(_rows(cx, array), count):
        text = f"n_samples={_rows(cx, array)} should be >= n_clusters={count}."
        raise invalid("n_clusters", count, text, X)
    remember(cx, self, array)
    cx.set(self, "labels_", _labels(cx, self, array))
    return array


def _labels(cx: Context, self: Instance, array: Array | Unknown) -> Value:
    count = _clusters(cx, self)
    least = -1 if short_name(self) in ("DBSCAN", "HDBSCAN", "OPTICS") else 0
    return made((_rows(cx, array),), _label_dtype(self), least, None if count is None else count - 1)


@rule(f"{CLUSTERER}.fit")
def cluster_fit(
    cx: Context, self: Instance, X: Value, y: Value | None = None, sample_weight: Value | None = None
) -> Value:
    _fit_clusters(cx, self, X)
    return self


@rule(f"{CLUSTERER}.fit_predict")
def fit_predict(cx: Context, self: Instance, X: Value, y: Value | None = None, **kwargs: Value) -> Value:
    """A label for each sample."""
    return _labels(cx, self, _fit_clusters(cx, self, X))


@rule(f"{CLUSTERER}.predict")
def cluster_predict(cx: Context, self: Instance, X: Value, *args: Value) -> Value:
    if short_name(self) in TRANSDUCTIVE:
        from foreshape.faults.base import Raises
        from foreshape.faults.missing_attribute import MissingAttribute

        name = short_name(self)
        text = f"'{name}' object has no attribute 'predict'"
        raise MissingAttribute(
            Raises("AttributeError", text, by="scikit-learn"), values=(self,), owner=name, attribute="predict"
        )
    return _labels(cx, self, _checked(cx, self, X))


@rule(f"{CLUSTERER}.transform", f"{CLUSTERER}.fit_transform")
def cluster_transform(cx: Context, self: Instance, X: Value, *args: Value, **kwargs: Value) -> Value:
    array = _fit_clusters(cx, self, X) if self.fields.get("~fitted") is None else _checked(cx, self, X)
    count = _clusters(cx, self)
    return made((_rows(cx, array), cx.fresh("clusters") if count is None else count), None)


@attribute(f"{CLUSTERER}.cluster_centers_")
def centers(cx: Context, self: Instance) -> Value:
    features, count = features_of(cx, self), _clusters(cx, self)
    if features is None or count is None:
        return cx.unknown("how many clusters there are is not known")
    return made((count, features), None)


@attribute(f"{CLUSTERER}.inertia_")
def inertia(cx: Context, self: Instance) -> Value:
    return Typed("float", lo=0.0)
