import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
import tensorflow as tf

fs = 125
seconds = 8
t = np.arange(0, seconds, 1 / fs)
beat = np.exp(-((t % 0.8) - 0.2) ** 2 / 0.001)
drift = 0.2 * np.sin(2 * np.pi * 0.3 * t)
lead1 = beat + drift
lead2 = 0.6 * beat - drift
ecg = np.stack([lead1, lead2], axis=-1)
assert ecg.shape == (1000, 2)

size, hop = 100, 25
view = sliding_window_view(ecg, size, axis=0)
view = view[::hop]
frames = view.transpose(0, 2, 1)
peak = frames[..., 0].max(axis=-1)
energy = np.sum(frames ** 2, axis=(1, 2))
has_beat = np.where(peak > 0.8, 1, 0)

frames = frames.astype(np.float32)
frames -= frames.mean(axis=1, keepdims=True)
frames /= frames.std(axis=1, keepdims=True) + 1e-6

model = tf.keras.models.Sequential([
    tf.keras.layers.Conv1D(8, kernel_size=7, padding="same", activation="relu", input_shape=(size, 2)),
    tf.keras.layers.MaxPool1D(4),
    tf.keras.layers.Conv1D(16, kernel_size=5, padding="causal", dilation_rate=2, activation="relu"),
    tf.keras.layers.AveragePooling1D(pool_size=5, strides=3),
    tf.keras.layers.LSTM(8),
    tf.keras.layers.Dense(2, activation="softmax"),
])
model.compile(loss="sparse_categorical_crossentropy", optimizer="sgd")
model.fit(frames, has_beat, epochs=1, verbose=0)
probs = model.predict(frames, verbose=0)
order = np.argsort(-probs[:, 1])
top = frames[order[:3]]
confusion = np.zeros((2, 2), dtype=int)
for truth, guess in zip(has_beat, probs.argmax(1)):
    confusion[truth, guess] += 1
rates = confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1)
first_layer = model.layers[0].get_weights()
kernel, bias = first_layer
print(kernel.shape, rates, top.shape, energy[:2])
