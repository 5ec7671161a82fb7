"""A stateful LSTM carries its state from batch to batch, so every batch must have the same size."""
import numpy as np
import tensorflow as tf

batch_size = 8
timesteps = 10

wave = np.sin(np.linspace(0, 60, 1000)).astype("float32")
n_windows = (len(wave) - 1) // timesteps
n_windows -= n_windows % batch_size               # drop what does not fill a batch

x = wave[:n_windows * timesteps].reshape(n_windows, timesteps, 1)
y = wave[1:n_windows * timesteps + 1].reshape(n_windows, timesteps, 1)

model = tf.keras.Sequential([
    tf.keras.layers.InputLayer(batch_input_shape=(batch_size, timesteps, 1)),
    tf.keras.layers.LSTM(16, return_sequences=True, stateful=True),
    tf.keras.layers.TimeDistributed(tf.keras.layers.Dense(1)),
])
model.compile(optimizer="adam", loss="mse")

for epoch in range(2):
    for start in range(0, n_windows, batch_size):
        xb = x[start:start + batch_size]
        yb = y[start:start + batch_size]
        loss = model.train_on_batch(xb, yb)
    lstm = model.layers[0]
    if hasattr(lstm, "reset_states"):             # Keras 2
        lstm.reset_states()
    else:                                         # Keras 3
        lstm.reset_state()

out = model.predict(x[:batch_size], batch_size=batch_size, verbose=0)
print("prediction", out.shape)
