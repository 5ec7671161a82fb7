import numpy as np
import tensorflow as tf

SPEC = {
    "inputs": {
        "clicks": {"shape": (25, 6)},
        "profile": {"shape": (9,)},
    },
    "outputs": {
        "basket": {"units": 1, "activation": None, "loss": "mse"},
        "segment": {"units": 4, "activation": "softmax", "loss": "sparse_categorical_crossentropy"},
    },
}


def make_inputs(spec):
    return {name: tf.keras.Input(name=name, **options) for name, options in spec["inputs"].items()}


def encode(inputs):
    encoded = []
    for name, tensor in inputs.items():
        if len(tensor.shape) == 3:
            encoded.append(tf.keras.layers.GRU(8, name=f"{name}_gru")(tensor))
        else:
            encoded.append(tf.keras.layers.Dense(8, activation="relu", name=f"{name}_dense")(tensor))
    return tf.keras.layers.Concatenate()(encoded)


def make_model(spec):
    inputs = make_inputs(spec)
    shared = tf.keras.layers.Dense(12, activation="relu")(encode(inputs))
    outputs, losses = {}, {}
    for name, options in spec["outputs"].items():
        outputs[name] = tf.keras.layers.Dense(options["units"], activation=options["activation"], name=name)(shared)
        losses[name] = options["loss"]
    model = tf.keras.Model(inputs, outputs)
    model.compile(optimizer="adam", loss=losses)
    return model


def make_batch(n):
    features = {
        "clicks": np.random.rand(n, 25, 6).astype("float32"),
        "profile": np.random.rand(n, 8).astype("float32"),
    }
    targets = {
        "basket": np.random.rand(n, 1).astype("float32"),
        "segment": np.random.randint(0, 4, n),
    }
    return features, targets


model = make_model(SPEC)
features, targets = make_batch(32)
dataset = tf.data.Dataset.from_tensor_slices((features, targets)).batch(8)
model.fit(dataset, epochs=1, verbose=0)
