"""Modules and names of earlier releases that Keras 3 does not have: importing them raises before anything else happens.

Source: the imports themselves, run on Keras 3. What is found under ``tensorflow.keras`` all the same stands in ``ONLY_KERAS``.
"""

from __future__ import annotations

from typing import Final

MODULES: Final = {
    **{f"utils.{name}": "utils" for name in ("np_utils", "vis_utils", "generic_utils", "data_utils", "layer_utils")},
    **{
        f"layers.{name}": "layers"
        for name in (
            "core", "recurrent", "embeddings", "convolutional", "convolutional_recurrent", "pooling", "normalization",
            "merge", "wrappers", "advanced_activations", "noise", "rnn", "attention", "experimental",
        )
    },
    "engine": "layers", "wrappers.scikit_learn": "", "feature_extraction": "", "estimator": "",
    "utils.training_utils": "", "utils.io_utils": "utils", "backend.tensorflow_backend": "backend",
}  # fmt: skip
"""Module, and where its names are now ("" for nowhere)."""
NAMES: Final = {
    "utils.np_utils": "utils", "utils.vis_utils": "utils", "utils.multi_gpu_model": "", "utils.HDF5Matrix": "",
    "layers.CuDNNLSTM": "layers.LSTM", "layers.CuDNNGRU": "layers.GRU", "layers.merge": "layers.concatenate",
    "layers.Merge": "layers.Concatenate", "layers.TimeDistributedDense": "layers.TimeDistributed",
    "layers.LocallyConnected1D": "", "layers.LocallyConnected2D": "", "layers.MaxoutDense": "", "layers.Highway": "",
    "layers.AtrousConvolution1D": "layers.Conv1D", "layers.AtrousConvolution2D": "layers.Conv2D",
    "layers.RandomFourierFeatures": "", "optimizers.adam": "optimizers.Adam", "optimizers.sgd": "optimizers.SGD",
    "optimizers.adam_v2": "optimizers", "backend.set_session": "", "models.Input": "layers.Input",
    "models.Functional": "", "objectives": "losses",
}  # fmt: skip
ONLY_KERAS: Final = {
    "preprocessing.sequence.TimeseriesGenerator": "tensorflow.keras.preprocessing.sequence.TimeseriesGenerator",
    "preprocessing.image.ImageDataGenerator": "tensorflow.keras.preprocessing.image.ImageDataGenerator",
    "preprocessing.text": "tensorflow.keras.preprocessing.text", "losses.mse": "losses.MeanSquaredError",
    "metrics.mse": "metrics.MeanSquaredError", "constraints.maxnorm": "constraints.MaxNorm",
    "layers.ThresholdedReLU": "",
}  # fmt: skip
ONLY_KERAS_MODULES: Final = {"preprocessing.text": "tensorflow.keras.preprocessing.text"}
TOPS: Final = ("tensorflow.keras.", "keras.")


def gone_module(path: str) -> tuple[str, str] | None:
    """The first module on a dotted path that Keras 3 does not have, and where its names are now."""
    top = next((each for each in TOPS if path.startswith(each)), None)
    if top is None:
        return None
    parts = path[len(top) :].split(".")
    for count in range(1, len(parts) + 1):
        inner = ".".join(parts[:count])
        home = MODULES.get(inner)
        if home is None and top == "keras.":
            home = ONLY_KERAS_MODULES.get(inner)
        if home is not None:
            return top + inner, _there(top, home)
    return None


def gone_name(module: str, name: str) -> str | None:
    """Where a name is now that Keras 3 does not have in this module ("" for nowhere); None where it has it."""
    path = f"{module}.{name}"
    top = next((each for each in TOPS if path.startswith(each)), None)
    if top is None:
        return None
    inner = path[len(top) :]
    home = NAMES.get(inner)
    if home is None and top == "keras.":
        home = ONLY_KERAS.get(inner)
    return None if home is None else _there(top, home)


def _there(top: str, home: str) -> str:
    return home if not home or home.startswith("tensorflow.") else top + home
