"""Builds every model of ``keras.applications`` (without weights) and keeps its output shape and name.

``python tests/conformance/keras_models/record_applications.py`` writes ``applications.json``; it takes ten minutes. With
``--keras2`` it writes ``applications_2.json``: the smallest models of the families that only Keras 2 has. What the
arguments are refused for is in ``REFUSED``: those calls end before anything is built.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))
TRUTH = os.path.join(HERE, "applications.json")
TRUTH_2 = os.path.join(HERE, "applications_2.json")
ONLY_2 = ("RegNetX002", "RegNetX064", "RegNetY004", "RegNetY032", "ResNetRS50", "ResNetRS101")
ASKED = (
    "classes=7",
    "include_top=False, input_shape=(100, 100, 3)",
    "include_top=False, input_shape=(75, 80, 3)",
    "include_top=False, input_shape=(33, 65, 3)",
    "include_top=False, input_shape=(None, None, 3)",
    "include_top=False, pooling='avg', input_shape=(96, 96, 3)",
)
REFUSED = (
    "VGG16(classes=10)",
    "VGG16(weights='imagenet', input_shape=(100, 100, 3))",
    "VGG16(weights=None, input_shape=(20, 20, 3), include_top=False)",
    "VGG16(weights=None, input_shape=(64, 64), include_top=False)",
    "ResNet50(weights='imagenet', include_top=False, input_shape=(64, 64, 1))",
    "Xception(weights=None, input_shape=(70, 70, 3), include_top=False)",
    "DenseNet121(weights=None, input_shape=(None, None, 3))",
    "InceptionV3(weights=None, input_shape=(74, 100, 3), include_top=False)",
)


def main() -> None:
    """Record."""
    os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")
    old = "--keras2" in sys.argv
    if old:
        import tf_keras as keras
    else:
        import keras

    found: dict[str, Any] = {}
    for name in ONLY_2 if old else [name for name in dir(keras.applications) if name[0].isupper()]:
        found[name] = {}
        for asked in ASKED:
            try:
                model = eval(f"keras.applications.{name}(weights=None, {asked})", {"keras": keras})
                found[name][asked] = [list(model.output_shape), model.name]
            except Exception as error:
                found[name][asked] = ["raises", type(error).__name__]
        keras.backend.clear_session()
    with open(TRUTH_2 if old else TRUTH, "w", encoding="utf-8") as file:
        json.dump(found, file, indent=0, sort_keys=True)


if __name__ == "__main__":
    main()
