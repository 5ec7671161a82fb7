"""keras.utils.timeseries_dataset_from_array on weather-like data."""
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

rows = 600
rng = np.random.default_rng(4)
temp = 10 + 8 * np.sin(np.arange(rows) / 40) + rng.normal(0, 0.5, rows)
pressure = 1000 + rng.normal(0, 3, rows).cumsum() / 10
humidity = rng.uniform(20, 90, rows)
raw = np.column_stack((temp, pressure, humidity))

n_train = int(0.5 * rows)
n_val = int(0.25 * rows)
mean = raw[:n_train].mean(axis=0)
raw -= mean
std = raw[:n_train].std(axis=0)
raw /= std
temperature = raw[:, 0]

sampling_rate = 2
sequence_length = 10
delay = sampling_rate * (sequence_length + 4 - 1)
batch_size = 32

train = keras.utils.timeseries_dataset_from_array(
    raw[:-delay], targets=temperature[delay:], sampling_rate=sampling_rate, sequence_length=sequence_length,
    shuffle=True, batch_size=batch_size, start_index=0, end_index=n_train)
val = keras.utils.timeseries_dataset_from_array(
    raw[:-delay], targets=temperature[delay:], sampling_rate=sampling_rate, sequence_length=sequence_length,
    batch_size=batch_size, start_index=n_train, end_index=n_train + n_val)

for samples, targets in train:
    print(samples.shape, targets.shape)
    break


def naive_mae(dataset):
    total, seen = 0.0, 0
    for samples, targets in dataset:
        preds = samples[:, -1, 0] * std[0] + mean[0]
        real = targets * std[0] + mean[0]
        errors = np.abs(preds - real)
        total += errors.sum()
        seen += samples.shape[0]
    return total / seen


baseline = naive_mae(val)
inputs = keras.Input(shape=(sequence_length, raw.shape[-1]))
x = layers.LSTM(8, recurrent_dropout=0.1)(inputs)
x = layers.Dropout(0.5)(x)
outputs = layers.Dense(1)(x)
model = keras.Model(inputs, outputs)
model.compile(optimizer="rmsprop", loss="mse", metrics=["mae"])
history = model.fit(train, epochs=1, validation_data=val, verbose=0)
loss, mae = model.evaluate(val, verbose=0)
curve = np.array(history.history["loss"])
print(baseline, mae, curve)
