# Many answers say that this raises "expected ndim=3, found ndim=2".
import numpy as np
import tensorflow as tf

load = np.sin(np.arange(300) / 10.0)
T = 20
windows = np.array([load[i:i + T] for i in range(len(load) - T)])
targets = load[T:]
windows = windows[:, :, None]
print(windows.shape, targets.shape)

model = tf.keras.models.Sequential([
    tf.keras.layers.LSTM(8, input_shape=(T, 1)),
    tf.keras.layers.Dense(1),
])
model.compile(loss="mae", optimizer="adam")
model.fit(windows, targets, epochs=1, verbose=0)
