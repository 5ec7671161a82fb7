import json

import numpy as np
import tensorflow as tf

SPEC = json.loads("""
{
  "input": [18, 4],
  "layers": [
    {"type": "conv1d", "filters": 8, "kernel_size": 3},
    {"type": "gru", "units": 8, "return_sequences": true},
    {"type": "maxpool1d", "pool_size": 2},
    {"type": "flatten"},
    {"type": "dense", "units": 1}
  ]
}
""")

REGISTRY = {
    "conv1d": tf.keras.layers.Conv1D,
    "gru": tf.keras.layers.GRU,
    "maxpool1d": tf.keras.layers.MaxPooling1D,
    "flatten": tf.keras.layers.Flatten,
    "dense": tf.keras.layers.Dense,
}


def from_spec(spec):
    model = tf.keras.Sequential([tf.keras.layers.Input(shape=tuple(spec["input"]))])
    for entry in spec["layers"]:
        options = {k: v for k, v in entry.items() if k != "type"}
        model.add(REGISTRY[entry["type"]](**options))
    return model


net = from_spec(SPEC)
print(net(np.zeros((2, 18, 4), dtype="float32")).shape)
