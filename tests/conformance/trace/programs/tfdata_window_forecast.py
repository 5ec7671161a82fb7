"""Windows cut by tf.data: window, flat_map, map, several horizons."""
import numpy as np
import tensorflow as tf

series = np.sin(np.arange(500) * 0.1).astype("float32") + np.random.randn(500).astype("float32") * 0.05
WINDOW, BATCH, SHUFFLE = 24, 32, 100


def windowed_dataset(series, window_size, batch_size, shuffle_buffer):
    ds = tf.data.Dataset.from_tensor_slices(tf.expand_dims(series, axis=-1))
    ds = ds.window(window_size + 1, shift=1, drop_remainder=True)
    ds = ds.flat_map(lambda w: w.batch(window_size + 1))
    ds = ds.shuffle(shuffle_buffer)
    ds = ds.map(lambda w: (w[:-1], w[-1]))
    return ds.batch(batch_size).prefetch(1)


def model_forecast(model, series, window_size):
    ds = tf.data.Dataset.from_tensor_slices(series[..., np.newaxis])
    ds = ds.window(window_size, shift=1, drop_remainder=True)
    ds = ds.flat_map(lambda w: w.batch(window_size))
    ds = ds.batch(32).prefetch(1)
    return model.predict(ds, verbose=0)


split = 400
x_train, x_valid = series[:split], series[split:]
train_set = windowed_dataset(x_train, WINDOW, BATCH, SHUFFLE)
valid_set = windowed_dataset(x_valid, WINDOW, BATCH, 1)
model = tf.keras.models.Sequential(
    [
        tf.keras.layers.Conv1D(filters=8, kernel_size=5, strides=1, padding="causal", activation="relu", input_shape=[None, 1]),
        tf.keras.layers.LSTM(16, return_sequences=True),
        tf.keras.layers.LSTM(16),
        tf.keras.layers.Dense(10, activation="relu"),
        tf.keras.layers.Dense(1),
        tf.keras.layers.Lambda(lambda x: x * 2.0),
    ]
)
model.compile(loss=tf.keras.losses.Huber(), optimizer="sgd", metrics=["mae"])
model.fit(train_set, epochs=1, validation_data=valid_set, verbose=0)
forecast = model_forecast(model, series[split - WINDOW:-1], WINDOW)
results = forecast.squeeze()
mae = tf.keras.losses.MeanAbsoluteError()(x_valid, results).numpy()
multi = tf.data.Dataset.from_tensor_slices(series).batch(30, drop_remainder=True).map(lambda b: (b[:24], b[24:])).batch(4)
for past, future in multi.take(2):
    last = past[:, -1]
    drift = future - last[:, None]
print(forecast.shape, results.shape, mae.shape, past.shape, future.shape, drift.shape)
