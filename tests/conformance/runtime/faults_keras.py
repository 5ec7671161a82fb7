"""Faults in what Keras models are trained on. Run with Keras 3 and with Keras 2."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.conformance.runtime.case import Case, registry

CASES, case = registry()


def k() -> Any:
    """``tensorflow.keras`` of this process."""
    import tensorflow as tf

    return tf.keras


def floats(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=shape).astype("float32")


def ids(rows: int, steps: int, size: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, size, (rows, steps))


def fitted(model: Any, loss: str, x: Any, y: Any = None, **kwargs: Any) -> Case:
    """A compiled model and what ``fit`` does."""
    model.compile(optimizer="sgd", loss=loss)
    batch = kwargs.get("batch_size", 16)
    options = {} if batch == 16 and y is None else {"batch_size": batch}

    def train() -> None:
        model.fit(x, y, epochs=1, verbose=0, **options)

    return Case(model, x, y, train=train, **{**kwargs, **({"batch_size": batch} if options else {})})


def recurrent(features: int = 3, units: int = 1, steps: int | None = 6, sequences: bool = False, **dense: Any) -> Any:
    keras = k()
    layers = [keras.Input((steps, features)), keras.layers.LSTM(4, return_sequences=sequences)]
    return keras.Sequential([*layers, keras.layers.Dense(units, **dense)])


def words(size: int = 20, recurrent_layer: bool = True, head: int = 1) -> Any:
    keras = k()
    body = keras.layers.LSTM(4) if recurrent_layer else keras.layers.GlobalAveragePooling1D()
    return keras.Sequential(
        [keras.Input((5,), dtype="int32"), keras.layers.Embedding(size, 4), body, keras.layers.Dense(head)]
    )


@case
def sequence_output_against_flat_targets() -> Case:
    return fitted(recurrent(sequences=True), "mse", floats(32, 6, 3), floats(32), rule="silent-loss-broadcast")


@case
def sequence_output_against_sparse_classes() -> Case:
    model = recurrent(units=4, sequences=True, activation="softmax")
    y = np.arange(32) % 4
    return fitted(model, "sparse_categorical_crossentropy", floats(32, 6, 3), y, rule="label-shape")


@case
def loss_broadcasts_columns() -> Case:
    return fitted(recurrent(units=3), "mse", floats(32, 6, 3), floats(32, 1), rule="silent-loss-broadcast")


@case
def loss_cannot_compare() -> Case:
    return fitted(recurrent(units=3), "mse", floats(32, 6, 3), floats(32, 2), rule="label-shape")


@case
def nan_in_x() -> Case:
    x = floats(32, 6, 3)
    x[7, 2, 1] = np.nan
    return fitted(recurrent(), "mse", x, floats(32), rule="not-finite", place=(7, (2, 1), "nan"), count=1)


@case
def infinity_in_x() -> Case:
    x = floats(32, 6, 3)
    x[9, 0, 2] = x[10, 0, 2] = np.inf
    return fitted(recurrent(), "mse", x, floats(32), rule="not-finite", place=(9, (0, 2), "inf"), count=2)


@case
def nan_in_y() -> Case:
    y = floats(32, 1)
    y[30, 0] = np.nan
    return fitted(recurrent(), "mse", floats(32, 6, 3), y, rule="not-finite", place=(30, (0,), "nan"), count=1)


@case
def nan_in_loader() -> Case:
    import tensorflow as tf

    x = floats(48, 6, 3)
    x[37, 5, 0] = np.nan
    data = tf.data.Dataset.from_tensor_slices((x, floats(48, 1))).batch(16)
    return fitted(recurrent(), "mse", data, rule="not-finite", place=(37, (5, 0), "nan"), count=1)


@case
def id_below_zero() -> Case:
    x = ids(32, 5, 20)
    x[11, 3] = -1
    return fitted(words(), "mse", x, floats(32), rule="embedding-range", place=(11, (3,), "-1"), count=1)


@case
def id_below_zero_compiled() -> Case:
    x = ids(32, 5, 20)
    x[11, 3] = -1
    model = words(recurrent_layer=False)
    return fitted(model, "mse", x, floats(32), rule="embedding-range", place=(11, (3,), "-1"), count=1)


@case
def id_past_the_end() -> Case:
    x = ids(32, 5, 20)
    x[4, 1], x[5, 0] = 20, 25
    return fitted(words(), "mse", x, floats(32), rule="embedding-range", place=(4, (1,), "20"), count=2)


@case
def id_past_the_end_compiled() -> Case:
    x = ids(32, 5, 20)
    x[4, 1] = 20
    model = words(recurrent_layer=False)
    return fitted(model, "mse", x, floats(32), rule="embedding-range", place=(4, (1,), "20"), count=1)


@case
def more_timesteps() -> Case:
    return fitted(recurrent(), "mse", floats(32, 9, 3), floats(32), rule="feature-mismatch|declared-shape")


@case
def fewer_timesteps() -> Case:
    return fitted(recurrent(), "mse", floats(32, 2, 3), floats(32), rule="feature-mismatch|declared-shape")


@case
def more_timesteps_than_flattened() -> Case:
    keras = k()
    layers = [keras.Input((6, 3)), keras.layers.Flatten(), keras.layers.Dense(1)]
    return fitted(keras.Sequential(layers), "mse", floats(32, 7, 3), floats(32), rule="feature-mismatch")


@case
def swapped_axes() -> Case:
    return fitted(recurrent(), "mse", floats(32, 3, 6), floats(32), rule="feature-mismatch")


@case
def one_axis_too_few() -> Case:
    return fitted(recurrent(), "mse", floats(32, 6), floats(32), rule="rank-mismatch")


@case
def labels_from_one() -> Case:
    model = recurrent(units=4, activation="softmax")
    y = np.arange(32) % 4 + 1
    return fitted(
        model, "sparse_categorical_crossentropy", floats(32, 6, 3), y, rule="label-range", place=(3, (), "4"), count=8
    )


@case
def labels_out_of_range_compiled() -> Case:
    keras = k()
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, activation="softmax")])
    y = np.arange(32) % 4
    y[12] = 9
    return fitted(
        model, "sparse_categorical_crossentropy", floats(32, 3), y, rule="label-range", place=(12, (), "9"), count=1
    )


@case
def binary_labels_minus_one() -> Case:
    model = recurrent(activation="sigmoid")
    y = np.where(np.arange(32) % 2, 1, -1)
    return fitted(model, "binary_crossentropy", floats(32, 6, 3), y, rule="label-range", place=(0, (), "-1"), count=16)


@case
def one_hot_against_sparse() -> Case:
    model = recurrent(units=4, activation="softmax")
    y = np.eye(4)[np.arange(32) % 4]
    return fitted(model, "sparse_categorical_crossentropy", floats(32, 6, 3), y, rule="label-shape")


@case
def sparse_against_one_hot() -> Case:
    model = recurrent(units=4, activation="softmax")
    y = np.arange(32) % 4
    return fitted(model, "categorical_crossentropy", floats(32, 6, 3), y, rule="label-shape")


@case
def ragged_objects() -> Case:
    x = np.empty(8, dtype=object)
    x[:] = [np.zeros((6 if i != 5 else 4, 3)) for i in range(8)]
    return fitted(recurrent(), "mse", x, floats(8), rule="ragged-array", place=(5, (), "4 long"), count=1)


@case
def other_number_of_labels() -> Case:
    return fitted(recurrent(), "mse", floats(32, 6, 3), floats(31), rule="cardinality")


@case
def stateful_last_batch() -> Case:
    keras = k()
    model = keras.Sequential(
        [keras.Input(batch_shape=(8, 6, 3)), keras.layers.LSTM(4, stateful=True), keras.layers.Dense(1)]
        if hasattr(keras.utils, "PyDataset")
        else [keras.layers.LSTM(4, stateful=True, batch_input_shape=(8, 6, 3)), keras.layers.Dense(1)]
    )
    return fitted(model, "mse", floats(20, 6, 3), floats(20), batch_size=8, rule="stateful-batch")


@case
def text_for_numbers() -> Case:
    return fitted(recurrent(), "mse", np.array([["a"] * 6] * 8), floats(8), rule="dtype-mismatch|rank-mismatch")


@case
def a_batch_of_another_width() -> Case:
    class Batches(getattr(k().utils, "PyDataset", None) or k().utils.Sequence):
        def __len__(self) -> int:
            return 3

        def __getitem__(self, index: int) -> Any:
            return floats(8, 6, 3 if index != 2 else 4), floats(8, 1)

    return fitted(recurrent(), "mse", Batches(), rule="feature-mismatch")


@case
def unbuilt_swapped() -> Case:
    keras = k()
    layers = [keras.layers.Conv1D(4, 5), keras.layers.GlobalMaxPooling1D(), keras.layers.Dense(1)]
    return fitted(keras.Sequential(layers), "mse", floats(16, 3, 60), floats(16), rule="window-size")


def two_outputs() -> Any:
    keras = k()
    inputs = keras.Input((3,))
    kind = keras.layers.Dense(4, activation="softmax", name="kind")(inputs)
    model = keras.Model(inputs, [kind, keras.layers.Dense(1, name="price")(inputs)])
    model.compile(optimizer="sgd", loss={"kind": "sparse_categorical_crossentropy", "price": "mse"})
    return model


@case
def labels_under_another_name() -> Case:
    labels = {"price": floats(32), "sort": np.arange(32) % 4}
    return fitted(two_outputs(), "mse", floats(32, 3), labels, rule="label-shape")


@case
def three_arrays_for_two_outputs() -> Case:
    return fitted(two_outputs(), "mse", floats(32, 3), [floats(32), floats(32), floats(32)], rule="label-shape")


@case
def labels_of_one_of_two_outputs() -> Case:
    model, x = two_outputs(), floats(32, 3)
    y = {"price": floats(32, 1), "kind": np.arange(32) % 4}
    y["kind"][21] = 4
    train = lambda: model.fit(x, y, batch_size=16, verbose=0)  # noqa: E731
    return Case(model, x, y, train=train, rule="label-range", place=(21, (), "4"), count=1, batch_size=16)


@case
def ids_of_one_of_two_inputs() -> Case:
    keras = k()
    left, right = keras.Input((5,), dtype="int32", name="left"), keras.Input((3,), name="right")
    text = keras.layers.GlobalAveragePooling1D()(keras.layers.Embedding(20, 4)(left))
    model = keras.Model([left, right], keras.layers.Dense(1)(keras.layers.Concatenate()([text, right])))
    x = {"left": ids(32, 5, 20), "right": floats(32, 3)}
    x["left"][17, 4] = 31
    return fitted(model, "mse", x, floats(32), rule="embedding-range", place=(17, (4,), "31"), count=1)


def two_inputs() -> Any:
    keras = k()
    left, right = keras.Input((5,), name="left"), keras.Input((3,), name="right")
    text = keras.layers.GlobalAveragePooling1D()(keras.layers.Embedding(20, 4)(left))
    return keras.Model([left, right], keras.layers.Dense(1)(keras.layers.Concatenate()([text, right])))


@case
def an_input_of_another_name() -> Case:
    x = {"left": ids(32, 5, 20), "rigth": floats(32, 3)}
    return fitted(two_inputs(), "mse", x, floats(32), rule="layer-input-count")


@case
def exchanged_inputs() -> Case:
    return fitted(two_inputs(), "mse", [floats(32, 3), ids(32, 5, 20)], floats(32), rule="feature-mismatch")


@case
def a_batch_with_fewer_labels() -> Case:
    model = recurrent()
    model.compile(optimizer="sgd", loss="mse")
    batches = [(floats(8, 6, 3), floats(8, 1)), (floats(8, 6, 3), floats(7, 1))]
    train = lambda: model.fit(iter(batches), steps_per_epoch=2, verbose=0)  # noqa: E731
    return Case(model, iter(batches), train=train, rule="cardinality", count=1)


@case
def probabilities_of_every_step_against_flat_labels() -> Case:
    model = recurrent(sequences=True, activation="sigmoid")
    return fitted(model, "binary_crossentropy", floats(32, 6, 3), np.arange(32) % 2, rule="label-shape")


@case
def labels_of_text() -> Case:
    y = np.array(["cat", "dog"] * 16, dtype=object)
    return fitted(recurrent(units=2), "sparse_categorical_crossentropy", floats(32, 6, 3), y, rule="dtype-mismatch")


@case
def a_window_longer_than_the_series() -> Case:
    keras = k()
    layers = [keras.Input((None, 3)), keras.layers.Conv1D(4, 7), keras.layers.GlobalMaxPooling1D(), keras.layers.Dense(1)]
    return fitted(keras.Sequential(layers), "mse", floats(32, 5, 3), floats(32, 1), rule="model-error|window-size")


@case
def more_steps_than_positions() -> Case:
    keras = k()

    class Placed(keras.layers.Layer):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.table, self.places = keras.layers.Embedding(20, 4), keras.layers.Embedding(8, 4)

        def call(self, ids: Any) -> Any:
            import tensorflow as tf

            return self.table(ids) + self.places(tf.range(tf.shape(ids)[1]))

    model = keras.Sequential([Placed(), keras.layers.GlobalAveragePooling1D(), keras.layers.Dense(1)])
    return fitted(model, "mse", ids(32, 11, 20), floats(32, 1), rule="index-range")


@case
def one_hot_against_sparse_in_uneven_batches() -> Case:
    y = np.eye(4, dtype="float32")[np.arange(40) % 4]
    model = recurrent(units=4, activation="softmax")
    return fitted(model, "sparse_categorical_crossentropy", floats(40, 6, 3), y, rule="label-shape")


@case
def ids_past_the_end_after_a_shift() -> Case:
    keras = k()

    class Shifted(keras.layers.Layer):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.table = keras.layers.Embedding(20, 4)

        def call(self, ids: Any) -> Any:
            return self.table(ids + 1)

    x = np.minimum(ids(32, 5, 20), 18)
    x[13, 2] = 19
    layers = [keras.Input((5,), dtype="int32"), Shifted(), keras.layers.Flatten(), keras.layers.Dense(1)]
    place = (13, (2,), "19")
    return fitted(keras.Sequential(layers), "mse", x, floats(32, 1), rule="index-range", place=place, count=1)


@case
def lists_of_numbers() -> Case:
    x = [[0.5, 1.0, 2.0], [1.5, 0.0, 1.0]] * 8
    layers = [k().Input((3,)), k().layers.Dense(1)]
    return fitted(k().Sequential(layers), "mse", x, floats(16, 1), rule="unsupported-data")


@case
def labels_in_a_tuple() -> Case:
    return fitted(recurrent(), "mse", floats(8, 6, 3), tuple(range(8)), rule="unsupported-data")


@case
def a_list_of_samples() -> Case:
    return fitted(recurrent(), "mse", list(floats(8, 6, 3)), floats(8, 1), rule="cardinality")


@case
def one_array_for_two_inputs() -> Case:
    return fitted(two_inputs(), "mse", floats(32, 5), floats(32), rule="model-error")


@case
def two_tables_for_one_input() -> Case:
    keras = k()
    given = keras.Input((5,), dtype="int32")
    both = keras.layers.Concatenate()([keras.layers.Embedding(size, 2)(given) for size in (40, 25)])
    x = ids(32, 5, 25)
    x[18, 0] = 33
    model = keras.Model(given, keras.layers.Dense(1)(keras.layers.Flatten()(both)))
    return fitted(model, "mse", x, floats(32, 1), rule="embedding-range", place=(18, (0,), "33"), count=1)


@case
def nan_in_the_weights_of_samples() -> Case:
    import tensorflow as tf

    weights = np.ones(48, "float32")
    weights[20] = np.nan
    data = tf.data.Dataset.from_tensor_slices((floats(48, 6, 3), floats(48, 1), weights)).batch(16)
    return fitted(recurrent(), "mse", data, rule="not-finite", place=(20, (), "nan"), count=1)


@case
def amounts_as_classes() -> Case:
    y = np.arange(32) % 4 * 0.5
    model = recurrent(units=4, activation="softmax")
    loss = "sparse_categorical_crossentropy"
    return fitted(model, loss, floats(32, 6, 3), y, rule="lossy-cast", place=(1, (), "0.5"), count=16)
