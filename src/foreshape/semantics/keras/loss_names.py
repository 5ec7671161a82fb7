"""Names of losses, metrics and optimizers that ``compile`` understands, and what kind of comparison each loss makes."""

from __future__ import annotations

from typing import Final

ELEMENTWISE: Final = (
    "mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error", "mean_squared_logarithmic_error",
    "squared_hinge", "hinge", "categorical_hinge", "huber", "log_cosh", "kl_divergence", "poisson",
    "cosine_similarity",
)  # fmt: skip
"""Labels and predictions are broadcast against each other."""

CATEGORICAL: Final = ("categorical_crossentropy", "categorical_focal_crossentropy")
BINARY: Final = ("binary_crossentropy", "binary_focal_crossentropy")
SPARSE: Final = ("sparse_categorical_crossentropy",)
OTHER: Final = ("circle", "ctc", "dice", "tversky", "categorical_generalized_cross_entropy")

CLASSES: Final[dict[str, str]] = {
    "MeanSquaredError": "mean_squared_error",
    "MeanAbsoluteError": "mean_absolute_error",
    "MeanAbsolutePercentageError": "mean_absolute_percentage_error",
    "MeanSquaredLogarithmicError": "mean_squared_logarithmic_error",
    "SquaredHinge": "squared_hinge",
    "Hinge": "hinge",
    "CategoricalHinge": "categorical_hinge",
    "Huber": "huber",
    "LogCosh": "log_cosh",
    "KLDivergence": "kl_divergence",
    "Poisson": "poisson",
    "CosineSimilarity": "cosine_similarity",
    "CategoricalCrossentropy": "categorical_crossentropy",
    "CategoricalFocalCrossentropy": "categorical_focal_crossentropy",
    "BinaryCrossentropy": "binary_crossentropy",
    "BinaryFocalCrossentropy": "binary_focal_crossentropy",
    "SparseCategoricalCrossentropy": "sparse_categorical_crossentropy",
    "Circle": "circle",
    "CTC": "ctc",
    "Dice": "dice",
    "Tversky": "tversky",
    "CategoricalGeneralizedCrossEntropy": "categorical_generalized_cross_entropy",
}

SHORT: Final[dict[str, str]] = {
    "mse": "mean_squared_error",
    "MSE": "mean_squared_error",
    "mae": "mean_absolute_error",
    "MAE": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "MAPE": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error",
    "MSLE": "mean_squared_logarithmic_error",
    "bce": "binary_crossentropy",
    "BCE": "binary_crossentropy",
    "kld": "kl_divergence",
    "KLD": "kl_divergence",
}
SHORT_2: Final[dict[str, str]] = {
    "kullback_leibler_divergence": "kl_divergence",
    "logcosh": "log_cosh",
    "huber_loss": "huber",
    "cosine_proximity": "cosine_similarity",
}
"""Names that only Keras 2 knows."""

FUNCTIONS: Final = (*ELEMENTWISE, *CATEGORICAL, *BINARY, *SPARSE, *OTHER)

METRIC_CLASSES: Final = (
    "AUC", "Accuracy", "BinaryAccuracy", "BinaryCrossentropy", "BinaryIoU", "CategoricalAccuracy",
    "CategoricalCrossentropy", "CategoricalHinge", "ConcordanceCorrelation", "CosineSimilarity", "F1Score",
    "FBetaScore", "FalseNegatives", "FalsePositives", "Hinge", "IoU", "KLDivergence", "LogCoshError", "Mean",
    "MeanAbsoluteError", "MeanAbsolutePercentageError", "MeanIoU", "MeanMetricWrapper", "MeanSquaredError",
    "MeanSquaredLogarithmicError", "Metric", "OneHotIoU", "OneHotMeanIoU", "PearsonCorrelation", "Poisson",
    "Precision", "PrecisionAtRecall", "R2Score", "Recall", "RecallAtPrecision", "RootMeanSquaredError",
    "SensitivityAtSpecificity", "SparseCategoricalAccuracy", "SparseCategoricalCrossentropy",
    "SparseTopKCategoricalAccuracy", "SpecificityAtSensitivity", "SquaredHinge", "Sum", "TopKCategoricalAccuracy",
    "TrueNegatives", "TruePositives", "MeanRelativeError", "MeanTensor",
)  # fmt: skip
CONFUSION: Final = (
    "AUC", "FalseNegatives", "FalsePositives", "Precision", "PrecisionAtRecall", "Recall", "RecallAtPrecision",
    "SensitivityAtSpecificity", "SpecificityAtSensitivity", "TrueNegatives", "TruePositives",
)  # fmt: skip
"""Metrics that compare labels and predictions one by one: same shape."""

METRIC_FUNCTIONS: Final = (
    "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy", "top_k_categorical_accuracy",
    "sparse_top_k_categorical_accuracy", "concordance_correlation", "pearson_correlation",
)  # fmt: skip

OPTIMIZERS: Final = (
    "Adadelta", "Adafactor", "Adagrad", "Adam", "AdamW", "Adamax", "Ftrl", "Lion", "LossScaleOptimizer", "Muon",
    "Nadam",
    "Lamb", "Optimizer", "RMSprop", "SGD", "ScheduleFreeAdamW", "MultiOptimizer",
)  # fmt: skip
KERAS3_OPTIMIZERS: Final = frozenset(name.lower() for name in OPTIMIZERS)
KERAS2_OPTIMIZERS: Final = frozenset(
    ("adadelta", "adagrad", "adam", "adamax", "nadam", "rmsprop", "sgd", "ftrl", "adamw", "adafactor", "lion",
     "lossscaleoptimizer", "experimentaladadelta", "experimentaladam", "experimentalsgd")
)  # fmt: skip


def loss_name(text: str, keras3: bool) -> str | None:
    """The function that a loss identifier means; None where there is no such loss."""
    if text in CLASSES and (keras3 or text in CLASSES):
        return CLASSES[text]
    if text in FUNCTIONS:
        return text
    if text in SHORT:
        return SHORT[text]
    return None if keras3 else SHORT_2.get(text)


def snake(name: str) -> str:
    """The snake-case alias under which Keras 3 finds a metric class."""
    from foreshape.semantics.keras.names import snake_case

    return snake_case(name)


def is_metric(text: str, keras3: bool) -> bool:
    """Whether ``compile`` finds a metric of that name."""
    if text in METRIC_CLASSES or text in METRIC_FUNCTIONS or text in FUNCTIONS or text in SHORT:
        return True
    if text in ("accuracy", "acc", "Accuracy", "ACC", "crossentropy", "ce", "cosine_proximity"):
        return True
    if keras3:
        return text.lower() in ("accuracy", "acc") or any(snake(name) == text for name in METRIC_CLASSES)
    return text in SHORT_2
