"""Pairs of Keras models and data with which nothing is wrong. Run with Keras 3 and with Keras 2."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tests.conformance.runtime.case import Case, registry
from tests.conformance.runtime.faults_keras import floats, ids, k

CASES, case = registry()


def dense(features: int = 3, units: int = 1, **options: Any) -> Any:
    keras = k()
    return keras.Sequential([keras.Input((features,)), keras.layers.Dense(units, **options)])


def recurrent(steps: int | None = 6, units: int = 1, sequences: bool = False, **options: Any) -> Any:
    keras = k()
    cell = keras.layers.SimpleRNN(
        4, return_sequences=sequences, unroll=steps is not None
    )  # quicker to trace than an LSTM
    return keras.Sequential([keras.Input((steps, 3)), cell, keras.layers.Dense(units, **options)])


def fitted(model: Any, loss: Any, x: Any, y: Any = None, *, elements: int | None = None, **fit: Any) -> Case:
    model.compile(optimizer="sgd", loss=loss)
    options = {"batch_size": fit["batch_size"]} if "batch_size" in fit else {}
    made = Case(model, x, y, elements=elements, **options)

    def train() -> None:
        model.fit(made.fed, y, epochs=1, verbose=0, **fit)

    made.train = train
    return made


@case
def arrays() -> Case:
    return fitted(recurrent(), "mse", floats(40, 6, 3), floats(40), batch_size=16)


@case
def arrays_of_float64() -> Case:
    return fitted(dense(), "mse", floats(40, 3).astype("float64"), floats(40).astype("float64"))


@case
def integers_into_floats() -> Case:
    return fitted(dense(), "mse", np.arange(60).reshape(20, 3), np.arange(20))


@case
def free_timesteps() -> Case:
    return fitted(recurrent(None), "mse", floats(16, 9, 3), floats(16, 1))


@case
def sequences_against_sequences() -> Case:
    return fitted(recurrent(sequences=True), "mse", floats(16, 6, 3), floats(16, 6, 1))


@case
def sequences_without_the_last_axis() -> Case:
    return fitted(recurrent(sequences=True), "mse", floats(16, 6, 3), floats(16, 6))


@case
def the_missing_feature_axis() -> Case:
    keras = k()
    model = keras.Sequential([keras.Input((6, 1)), keras.layers.Flatten(), keras.layers.Dense(1)])
    return fitted(model, "mse", floats(16, 6), floats(16))


@case
def one_number_per_sample() -> Case:
    return fitted(dense(1), "mse", floats(16), floats(16))


@case
def sparse_classes() -> Case:
    return fitted(
        dense(units=4, activation="softmax"), "sparse_categorical_crossentropy", floats(16, 3), np.arange(16) % 4
    )


@case
def sparse_classes_in_a_column() -> Case:
    y = (np.arange(16) % 4)[:, None]
    return fitted(dense(units=4, activation="softmax"), "sparse_categorical_crossentropy", floats(16, 3), y)


@case
def sparse_classes_as_floats() -> Case:
    y = (np.arange(16) % 4).astype("float32")
    return fitted(dense(units=4, activation="softmax"), "sparse_categorical_crossentropy", floats(16, 3), y)


@case
def a_class_left_out() -> Case:
    keras = k()
    y = np.where(np.arange(16) % 5, np.arange(16) % 4, -1)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1)
    return fitted(dense(units=4), loss, floats(16, 3), y)


@case
def one_hot_classes() -> Case:
    return fitted(
        dense(units=4, activation="softmax"), "categorical_crossentropy", floats(16, 3), np.eye(4)[np.arange(16) % 4]
    )


@case
def tags_of_every_step() -> Case:
    model = recurrent(units=5, sequences=True, activation="softmax")
    return fitted(model, "sparse_categorical_crossentropy", floats(16, 6, 3), np.arange(96).reshape(16, 6) % 5)


@case
def binary_booleans() -> Case:
    return fitted(dense(activation="sigmoid"), "binary_crossentropy", floats(16, 3), np.arange(16) % 2 == 0)


@case
def hinge_of_minus_one() -> Case:
    return fitted(dense(activation="tanh"), "hinge", floats(16, 3), np.where(np.arange(16) % 2, 1, -1))


@case
def weights_of_classes() -> Case:
    model = dense(units=2, activation="softmax")
    y = np.arange(16) % 2
    return fitted(model, "sparse_categorical_crossentropy", floats(16, 3), y, class_weight={0: 1.0, 1: 3.0})


@case
def weights_of_samples() -> Case:
    return fitted(dense(), "mse", floats(16, 3), floats(16), sample_weight=np.linspace(0.1, 1, 16))


@case
def a_loss_that_leaves_nan_out() -> Case:
    import tensorflow as tf

    def masked(truth: Any, output: Any) -> Any:
        known = tf.math.is_finite(truth)
        return tf.reduce_mean(tf.where(known, tf.square(tf.where(known, truth, 0.0) - output), 0.0))

    y = floats(16, 1)
    y[3] = np.nan
    return fitted(dense(), masked, floats(16, 3), y)


@case
def words_with_a_mask() -> Case:
    keras = k()
    layers = [keras.Input((5,), dtype="int32"), keras.layers.Embedding(20, 4, mask_zero=True), keras.layers.LSTM(4)]
    x = ids(16, 5, 20)
    x[:, 3:] = 0
    return fitted(keras.Sequential([*layers, keras.layers.Dense(1)]), "mse", x, floats(16))


@case
def words_as_floats() -> Case:
    keras = k()
    layers = [
        keras.Input((5,)),
        keras.layers.Embedding(20, 4),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(1),
    ]
    return fitted(keras.Sequential(layers), "mse", ids(16, 5, 20).astype("float32"), floats(16))


@case
def ids_shifted_by_the_model() -> Case:
    keras = k()
    inputs = keras.Input((5,), dtype="int32")
    x = keras.layers.Embedding(20, 4)(keras.layers.Lambda(lambda ids: ids + 1, output_shape=(5,))(inputs))
    model = keras.Model(inputs, keras.layers.Dense(1)(keras.layers.Flatten()(x)))
    return fitted(model, "mse", ids(16, 5, 20) - 1, floats(16))


@case
def masked_steps() -> Case:
    keras = k()
    layers = [keras.Input((6, 3)), keras.layers.Masking(-1.0), keras.layers.GRU(4), keras.layers.Dense(1)]
    x = floats(16, 6, 3)
    x[:, 4:] = -1
    return fitted(keras.Sequential(layers), "mse", x, floats(16))


@case
def images_of_bytes() -> Case:
    keras = k()
    x = (np.arange(16 * 64) % 256).reshape(16, 8, 8, 1).astype("uint8")
    layers = [
        keras.Input((8, 8, 1)),
        keras.layers.Rescaling(1 / 255),
        keras.layers.Conv2D(4, 3),
        keras.layers.GlobalMaxPooling2D(),
    ]
    model = keras.Sequential([*layers, keras.layers.Dense(10, activation="softmax")])
    return fitted(model, "sparse_categorical_crossentropy", x, np.arange(16) % 10)


@case
def normalised_by_the_model() -> Case:
    keras = k()
    layer = keras.layers.Normalization()
    layer.adapt(floats(16, 3))
    return fitted(keras.Sequential([keras.Input((3,)), layer, keras.layers.Dense(1)]), "mse", floats(16, 3), floats(16))


@case
def two_inputs_in_a_list() -> Case:
    model = _two_inputs()
    return fitted(model, "mse", [floats(16, 3), floats(16, 4)], floats(16))


@case
def two_inputs_by_name() -> Case:
    model = _two_inputs()
    return fitted(model, "mse", {"right": floats(16, 4), "left": floats(16, 3)}, floats(16))


def _two_inputs() -> Any:
    keras = k()
    left, right = keras.Input((3,), name="left"), keras.Input((4,), name="right")
    return keras.Model([left, right], keras.layers.Dense(1)(keras.layers.Concatenate()([left, right])))


def _two_outputs() -> Any:
    keras = k()
    inputs = keras.Input((3,))
    kind = keras.layers.Dense(4, activation="softmax", name="kind")(inputs)
    return keras.Model(inputs, [kind, keras.layers.Dense(1, name="price")(inputs)])


@case
def two_outputs_in_a_list() -> Case:
    losses = ["sparse_categorical_crossentropy", "mse"]
    return fitted(_two_outputs(), losses, floats(16, 3), [np.arange(16) % 4, floats(16)])


@case
def two_outputs_by_name() -> Case:
    losses = {"kind": "sparse_categorical_crossentropy", "price": "mse"}
    return fitted(_two_outputs(), losses, floats(16, 3), {"price": floats(16), "kind": np.arange(16) % 4})


@case
def unbuilt_sequential() -> Case:
    keras = k()
    return fitted(keras.Sequential([keras.layers.Dense(4), keras.layers.Dense(1)]), "mse", floats(16, 3), floats(16))


@case
def subclassed() -> Case:
    keras = k()

    class Own(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.head = keras.layers.Dense(1)

        def call(self, x: Any) -> Any:
            return self.head(x)

    return fitted(Own(), "mse", floats(16, 3), floats(16))


@case
def subclassed_with_arguments() -> Case:
    keras = k()

    class Sized(keras.Model):
        def __init__(self, units: int = 7) -> None:
            super().__init__()
            self.head = keras.layers.Dense(units)

        def call(self, x: Any, training: bool = False) -> Any:
            return self.head(x)

    return fitted(Sized(4), "mse", floats(16, 3), floats(16, 4))


@case
def subclassed_with_two_inputs() -> Case:
    keras = k()

    class Pair(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.head = keras.layers.Dense(1)

        def call(self, both: Any) -> Any:
            return self.head(keras.layers.concatenate([both[0], both[1]]))

    return fitted(Pair(), "mse", [floats(16, 3), floats(16, 4)], floats(16))


@case
def autoencoder() -> Case:
    x = floats(16, 6)
    return fitted(dense(6, 6), "mse", x, x)


@case
def stateful_in_whole_batches() -> Case:
    keras = k()
    if hasattr(keras.utils, "PyDataset"):
        layers = [keras.Input(batch_shape=(8, 6, 3)), keras.layers.SimpleRNN(4, stateful=True)]
    else:
        layers = [keras.layers.SimpleRNN(4, stateful=True, batch_input_shape=(8, 6, 3))]
    model = keras.Sequential([*layers, keras.layers.Dense(1)])
    return fitted(model, "mse", floats(24, 6, 3), floats(24), batch_size=8, shuffle=False)


def _data(*x: int) -> Any:
    import tensorflow as tf

    return tf.data.Dataset.from_tensor_slices((floats(*x), floats(x[0], 1)))


@case
def data_set() -> Case:
    return fitted(dense(), "mse", _data(40, 3).batch(16))


@case
def data_set_that_shuffles() -> Case:
    """Every pass over it has another order, and a look is a pass, unless it says otherwise."""
    return fitted(dense(), "mse", _data(40, 3).shuffle(40, seed=3, reshuffle_each_iteration=False).batch(16))


@case
def data_set_without_end() -> Case:
    return fitted(dense(), "mse", _data(40, 3).batch(8).repeat(), steps_per_epoch=5)


@case
def data_set_with_weights() -> Case:
    import tensorflow as tf

    data = tf.data.Dataset.from_tensor_slices((floats(40, 3), floats(40, 1), np.ones(40, "float32")))
    return fitted(dense(), "mse", data.batch(16))


@case
def data_set_of_a_dict() -> Case:
    import tensorflow as tf

    data = tf.data.Dataset.from_tensor_slices(({"left": floats(40, 3), "right": floats(40, 4)}, floats(40, 1)))
    return fitted(_two_inputs(), "mse", data.batch(16))


@case
def data_set_of_padded_batches() -> Case:
    import tensorflow as tf

    def sequences() -> Iterator[Any]:
        for size in (3, 7, 2, 5, 6, 4):
            yield floats(size, 3), floats(1)

    kinds = (tf.TensorSpec((None, 3)), tf.TensorSpec((1,)))
    data = tf.data.Dataset.from_generator(sequences, output_signature=kinds).padded_batch(2)
    return fitted(recurrent(None), "mse", data)


@case
def batches_of_a_class() -> Case:
    class Batches(getattr(k().utils, "PyDataset", None) or k().utils.Sequence):
        def __init__(self) -> None:
            super().__init__()
            self.asked = 0

        def __len__(self) -> int:
            return 5

        def __getitem__(self, index: int) -> Any:
            return floats(8, 3) + index, floats(8, 1)

    return fitted(dense(), "mse", Batches())


@case
def generator() -> Case:
    def batches() -> Iterator[Any]:
        for i in range(20):
            yield floats(8, 3) + i, floats(8, 1)

    return fitted(dense(), "mse", batches(), elements=20, steps_per_epoch=20)


@case
def generator_of_three() -> Case:
    return fitted(dense(), "mse", ((floats(8, 3) + i, floats(8, 1)) for i in range(3)), elements=3, steps_per_epoch=3)


@case
def data_frame() -> Case:
    import pandas as pd

    frame = pd.DataFrame(floats(16, 4), columns=list("abcy"))
    return fitted(dense(), "mse", frame[["a", "b", "c"]], frame["y"])


@case
def ragged_tensor() -> Case:
    import tensorflow as tf

    keras = k()
    x = tf.ragged.constant([[1, 2, 3], [4], [5, 6]] * 4, dtype="int64")
    if hasattr(keras.utils, "PyDataset"):  # Keras 3 takes it padded
        return fitted(_pooled(), "mse", x.to_tensor(), floats(12))
    inputs = keras.Input((None,), ragged=True, dtype="int64")
    pooled = keras.layers.Lambda(lambda rows: tf.reduce_mean(tf.cast(rows, "float32"), 1, keepdims=True))(inputs)
    return fitted(keras.Model(inputs, keras.layers.Dense(1)(keras.layers.Reshape((1,))(pooled))), "mse", x, floats(12))


def _pooled() -> Any:
    keras = k()
    layers = [keras.Input((None,), dtype="int32"), keras.layers.Embedding(7, 4), keras.layers.GlobalAveragePooling1D()]
    return keras.Sequential([*layers, keras.layers.Dense(1)])


@case
def text_into_a_vocabulary() -> Case:
    import tensorflow as tf

    keras = k()
    vector = keras.layers.TextVectorization(output_sequence_length=4, vocabulary=["red", "green", "blue"])
    text = tf.constant(["red blue", "green", "blue blue red"] * 4)
    data = tf.data.Dataset.from_tensor_slices((text, floats(12, 1))).batch(4).map(lambda x, y: (vector(x), y))
    return fitted(_pooled(), "mse", data)


@case
def not_compiled() -> Case:
    model = dense()
    made = Case(model, floats(16, 3), floats(16), loss="mse")
    made.train = lambda: model(floats(16, 3)) is None
    return made


@case
def several_quantiles_of_one_target() -> Case:
    def pinball(truth: Any, output: Any) -> Any:
        import tensorflow as tf

        error = truth - output
        return tf.reduce_mean(tf.maximum(0.9 * error, -0.1 * error))

    return fitted(recurrent(units=3), pinball, floats(16, 6, 3), floats(16, 1))


@case
def six_inputs_in_a_list() -> Case:
    keras = k()
    given = [keras.Input((1,)) for _ in range(6)]
    model = keras.Model(given, keras.layers.Dense(1)(keras.layers.Concatenate()(given)))
    return fitted(model, "mse", [floats(32, 1) for _ in range(6)], floats(32, 1))


@case
def a_step_of_ones_own() -> Case:
    import tensorflow as tf

    keras = k()

    class Contrasted(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.head = keras.layers.Dense(2)

        def call(self, x: Any) -> Any:
            return self.head(x)

        def train_step(self, data: Any) -> dict[str, Any]:
            (left, right), _ = data
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(tf.square(self(left) - self(right)))
            pairs = zip(tape.gradient(loss, self.trainable_variables), self.trainable_variables)
            self.optimizer.apply_gradients(pairs)
            return {"loss": loss}

    pairs = tf.data.Dataset.from_tensor_slices(((floats(32, 3), floats(32, 3)), floats(32))).batch(16)
    return fitted(Contrasted(), None, pairs)
