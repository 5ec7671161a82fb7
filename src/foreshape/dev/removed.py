"""Writes ``semantics/removed.txt``: the public names that a release of a library no longer has, and what they became.

    python -m foreshape.dev.removed

The names of TensorFlow 1 and of Keras 2 are read off ``tf.compat.v1`` and ``tf_keras``, held against the TensorFlow and
the Keras that are installed (``keras`` and ``tensorflow.keras`` differ). What is older than those, and what other
libraries have dropped, is listed here by hand; a conformance test holds every line against the real libraries.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Final

TARGET: Final = Path(__file__).parent.parent / "semantics" / "removed.txt"
HEAD: Final = """\
# Names that a library has dropped: name, the version without it, what it became (- where nothing did). import-2: since
# 2, the name can be looked up but is no module that can be imported.
# Written by `python -m foreshape.dev.removed`.
"""
DEEPEST: Final = 4
LOOKED_UP: Final = "import-2"

LAYER_MODULES: Final = (
    "recurrent", "core", "convolutional", "convolutional_recurrent", "cudnn_recurrent", "pooling", "embeddings", "local",
    "wrappers", "advanced_activations", "noise", "normalization", "merge", "rnn", "attention",
)  # fmt: skip
UTIL_MODULES: Final = (
    "np_utils", "vis_utils", "generic_utils", "data_utils", "layer_utils", "io_utils", "training_utils",
)  # fmt: skip

# Under both roots, ``keras`` and ``tensorflow.keras``: name, the version of Keras without it, what it became.
KERAS: Final[tuple[tuple[str, str, str], ...]] = (
    *((f"layers.{name}", "2.13", "layers") for name in LAYER_MODULES),
    *((f"utils.{name}", "2.13", "utils") for name in UTIL_MODULES),
    ("utils.visualize_util", "2.0", "utils"),
    ("engine", "2.13", ""), ("engine.topology", "2.13", "layers"), ("engine.base_layer", "2.13", "layers"),
    ("engine.training", "2.13", "models"),
    ("backend.tensorflow_backend", "2.4", "backend"), ("backend.common", "2.4", "backend"),
    ("objectives", "2.3", "losses"), ("initializations", "2.0", "initializers"),
    ("wrappers.scikit_learn", "2.13", "scikeras.wrappers"),
    ("layers.CuDNNLSTM", "2.4", "layers.LSTM"), ("layers.CuDNNGRU", "2.4", "layers.GRU"),
    ("layers.Merge", "2.0", "layers.Concatenate"), ("layers.Highway", "2.0", ""), ("layers.MaxoutDense", "2.0", ""),
    ("layers.TimeDistributedDense", "2.0", "layers.TimeDistributed"),
    ("layers.AtrousConvolution1D", "2.0", "layers.Conv1D"), ("layers.AtrousConvolution2D", "2.0", "layers.Conv2D"),
    ("layers.Deconvolution2D", "2.0", "layers.Conv2DTranspose"), ("layers.Recurrent", "2.2", "layers.RNN"),
    ("layers.ConvRecurrent2D", "2.2", "layers.ConvLSTM2D"), ("layers.ThresholdedReLU", "3", "layers.ReLU"),
    ("layers.RandomHeight", "3", ""), ("layers.RandomWidth", "3", ""),
    ("layers.experimental.preprocessing", "2.13", "layers"),
    ("models.Graph", "2.0", "models.Model"), ("utils.multi_gpu_model", "2.4", ""),
    ("regularizers.l1l2", "2.0", "regularizers.l1_l2"), ("regularizers.activity_l2", "2.0", "regularizers.l2"),
    ("constraints.maxnorm", "2.0", "constraints.max_norm"), ("constraints.nonneg", "2.0", "constraints.non_neg"),
    ("optimizers.adam", "2.6", "optimizers.Adam"), ("optimizers.sgd", "2.6", "optimizers.SGD"),
    ("optimizers.rmsprop", "2.6", "optimizers.RMSprop"), ("optimizers.adagrad", "2.6", "optimizers.Adagrad"),
    ("optimizers.nadam", "2.6", "optimizers.Nadam"), ("optimizers.adam_v2", "2.9", "optimizers"),
    ("optimizers.gradient_descent_v2", "2.9", "optimizers"), ("optimizers.rmsprop_v2", "2.9", "optimizers"),
    ("utils.HDF5Matrix", "2.6", ""), ("feature_extraction", "2.13", ""), ("models.Functional", "3", "models.Model"),
    ("models.Input", "3", "layers.Input"), ("layers.RandomFourierFeatures", "3", ""),
    ("backend.get_session", "2.4", ""), ("backend.set_session", "2.4", ""),
    ("backend.image_dim_ordering", "2.0", "backend.image_data_format"),
    ("backend.set_image_dim_ordering", "2.4", "backend.set_image_data_format"),
)  # fmt: skip

# Members of a model or layer, by the class that had them.
MEMBERS: Final[tuple[tuple[str, str, str], ...]] = (
    ("keras.Sequential.predict_classes", "2.6", ""), ("keras.Sequential.predict_proba", "2.6", "predict"),
    ("keras.Model.fit_generator", "2.9", "fit"), ("keras.Model.evaluate_generator", "2.9", "evaluate"),
    ("keras.Model.predict_generator", "2.9", "predict"), ("keras.Model.reset_states", "3", ""),
    ("keras.Model.to_yaml", "3", "to_json"), ("keras.metrics.Metric.reset_states", "3", "reset_state"),
    ("keras.optimizers.Optimizer.lr", "3", "learning_rate"),
)  # fmt: skip

OTHERS: Final[tuple[tuple[str, str, str], ...]] = (
    ("tensorflow.contrib", "2", ""), ("tensorflow.examples", "2.1", ""),
    ("tensorflow.contrib.rnn", "2", "tensorflow.compat.v1.nn.rnn_cell"),
    *((f"sklearn.{name}", "0.20", "sklearn.model_selection")
      for name in ("cross_validation", "grid_search", "learning_curve")),
    ("sklearn.externals.joblib", "0.23", "joblib"), ("sklearn.externals.six", "0.23", "six"),
    ("sklearn.preprocessing.Imputer", "0.22", "sklearn.impute.SimpleImputer"),
    ("sklearn.preprocessing.data", "0.24", "sklearn.preprocessing"),
    ("sklearn.preprocessing.label", "0.24", "sklearn.preprocessing"),
    ("sklearn.datasets.samples_generator", "0.24", "sklearn.datasets"),
    ("sklearn.datasets.load_boston", "1.2", "sklearn.datasets.fetch_california_housing"),
    ("sklearn.datasets.fetch_mldata", "0.22", "sklearn.datasets.fetch_openml"),
    ("sklearn.ensemble.forest", "0.24", "sklearn.ensemble"), ("sklearn.linear_model.logistic", "0.24", "sklearn.linear_model"),
    ("sklearn.mixture.GMM", "0.20", "sklearn.mixture.GaussianMixture"),
    ("sklearn.metrics.plot_confusion_matrix", "1.2", "sklearn.metrics.ConfusionMatrixDisplay"),
    ("sklearn.metrics.plot_roc_curve", "1.2", "sklearn.metrics.RocCurveDisplay"),
    ("sklearn.metrics.plot_precision_recall_curve", "1.2", "sklearn.metrics.PrecisionRecallDisplay"),
    ("sklearn.utils.linear_assignment_", "0.23", "scipy.optimize"), ("sklearn.utils.testing", "0.24", ""),
    *((f"scipy.misc.{name}", "1.3", "") for name in ("imread", "imresize", "imsave", "imrotate", "imshow", "toimage")),
    ("scipy.misc.logsumexp", "1.3", "scipy.special.logsumexp"), ("scipy.misc.comb", "1.3", "scipy.special.comb"),
    ("scipy.misc.factorial", "1.3", "scipy.special.factorial"),
    *((f"scipy.signal.{name}", "1.13", f"scipy.signal.windows.{name}") for name in (
        "hann", "hamming", "blackman", "kaiser", "gaussian", "tukey", "bartlett", "boxcar", "parzen", "triang",
        "blackmanharris", "flattop", "cosine", "nuttall",
    )),
    ("scipy.integrate.simps", "1.14", "scipy.integrate.simpson"),
    ("scipy.integrate.trapz", "1.14", "scipy.integrate.trapezoid"),
    ("scipy.integrate.cumtrapz", "1.14", "scipy.integrate.cumulative_trapezoid"),
    ("pandas.Panel", "1.0", ""), ("pandas.datetime", "2.0", "datetime.datetime"), ("pandas.np", "2.0", "numpy"),
    ("pandas.TimeGrouper", "1.0", "pandas.Grouper"), ("pandas.tools", "1.0", "pandas.plotting"),
    ("pandas.scatter_matrix", "1.0", "pandas.plotting.scatter_matrix"), ("pandas.io.data", "1.0", "pandas_datareader.data"),
    *((f"pandas.{name}", "2.0", "pandas.Index") for name in ("Int64Index", "Float64Index", "UInt64Index")),
    ("pandas.util.testing", "2.0", "pandas.testing"),
    *((f"pandas.rolling_{name}", "1.0", "") for name in ("mean", "std", "sum", "max", "min", "apply", "var", "corr")),
    ("pandas.ewma", "1.0", ""), ("pandas.expanding_mean", "1.0", ""),
    ("torch._six", "2.0", ""), ("torch.rfft", "1.8", "torch.fft.rfft"), ("torch.irfft", "1.8", "torch.fft.irfft"),
    ("torch.ifft", "1.8", "torch.fft.ifft"),
)  # fmt: skip


def resolves(name: str) -> bool:
    """Whether a qualified name is a module or can be reached from one."""
    parts = name.split(".")
    try:
        importlib.import_module(name)
        return True
    except Exception:
        pass
    try:
        held: Any = importlib.import_module(parts[0])
    except ImportError:
        return False
    for number, part in enumerate(parts[1:], 2):
        try:
            held = getattr(held, part)
        except Exception:
            try:
                held = importlib.import_module(".".join(parts[:number]))
            except Exception:
                return False
    return True


def _public(
    module: ModuleType, name: str, inside: str, leave: tuple[str, ...], depth: int = DEEPEST
) -> Iterator[tuple[str, Any]]:
    """The public names below a module of an API: ``inside`` is what its submodules' own names hold."""
    for key in sorted(dir(module)):
        if key.startswith("_") or key in leave:
            continue
        try:
            value = getattr(module, key)
        except Exception:
            continue
        yield f"{name}.{key}", value
        own = str(getattr(value, "__dict__", {}).get("__name__", ""))
        if isinstance(value, ModuleType) and depth and inside in own and ".src" not in own:
            yield from _public(value, f"{name}.{key}", inside, leave, depth - 1)


def _tensorflow() -> Iterator[tuple[str, str, str]]:
    """What TensorFlow 1 had and TensorFlow 2 has not."""
    import tensorflow as tf
    from tensorflow.tools.compatibility.renames_v2 import renames

    for name, _ in _public(tf.compat.v1, "tensorflow", "compat.v1", ("keras", "compat", "estimator")):
        if resolves(name):
            continue
        short = "tf" + name.removeprefix("tensorflow")
        now = str(renames.get(short, "tf.compat.v1" + short[2:])).replace("tf.", "tensorflow.", 1)
        yield name, "2", now if resolves(now) else ""


def _only_looked_up() -> Iterator[tuple[str, str, str]]:
    """``tf.losses`` can be looked up; ``import tensorflow.losses`` fails."""
    import tensorflow as tf

    for key in sorted(dir(tf)):
        value = getattr(tf, key, None)
        if key.startswith("_") or not isinstance(value, ModuleType):
            continue
        try:
            importlib.import_module(f"tensorflow.{key}")
        except ImportError:
            own = f"tensorflow.keras.{key}"
            yield f"tensorflow.{key}", LOOKED_UP, own if resolves(own) else ""


def _keras(root: str) -> Iterator[tuple[str, str, str]]:
    """What Keras 2 had and Keras 3 has not, under one of its two roots."""
    import tf_keras

    found = dict(_public(tf_keras, "keras", "tf_keras", ("src",)))
    for name, value in found.items():
        here = root + name.removeprefix("keras")
        if resolves(here):
            continue
        holder = name.rpartition(".")[0]
        alike = [
            root + other.removeprefix("keras")
            for other, held in found.items()
            if held is value and other != name and other.rpartition(".")[0] == holder
        ]
        operation = here.replace(".backend.", ".ops.")
        ways = [*alike, *([operation] if operation != here else []), "tensorflow." + name]
        yield here, "3", next((way for way in ways if way != here and resolves(way)), "")
    for name, since, now in KERAS:
        here = f"{root}.{name}"
        if not resolves(here):
            dropped = "3" if resolves(f"tf_keras.{name}") else since
            yield here, dropped, now if now.startswith("scikeras") or not now else f"{root}.{now}"


def _members() -> Iterator[tuple[str, str, str]]:
    for name, since, now in MEMBERS:
        yield name, "3" if resolves("tf_" + name) else since, now


def collect() -> dict[str, tuple[str, str]]:
    """Every name without those below another that has nothing of its own to say."""
    found: dict[str, tuple[str, str]] = {}
    for name, since, now in (
        *_tensorflow(),
        *_only_looked_up(),
        *_keras("keras"),
        *_keras("tensorflow.keras"),
        *_members(),
        *OTHERS,
    ):
        found[name] = since, now
    kept: dict[str, tuple[str, str]] = {}
    for name in sorted(found):
        gone = [above for above in kept if kept[above][0] != LOOKED_UP]
        if not found[name][1] and any(name.startswith(above + ".") for above in gone):
            continue
        kept[name] = found[name]
    return kept


def text() -> str:
    return HEAD + "".join(f"{name} {since} {now or '-'}\n" for name, (since, now) in collect().items())


def main() -> None:
    TARGET.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
