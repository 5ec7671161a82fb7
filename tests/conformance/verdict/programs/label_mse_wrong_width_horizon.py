import numpy as np
import tensorflow as tf

HISTORY, HORIZON = 36, 12
energy = np.sin(np.arange(700) * 2 * np.pi / 24) + np.random.rand(700) / 5

X, Y = [], []
for t in range(HISTORY, len(energy) - HORIZON + 1):
    X.append(energy[t - HISTORY:t])
    Y.append(energy[t:t + HORIZON])
X = np.expand_dims(np.array(X), -1)
Y = np.array(Y)

model = tf.keras.Sequential()
model.add(tf.keras.layers.LSTM(8, input_shape=X.shape[1:]))
model.add(tf.keras.layers.Dense(24))
model.compile(loss=tf.keras.losses.MeanSquaredError(), optimizer=tf.keras.optimizers.Adam())
model.fit(X, Y, epochs=1, batch_size=64, verbose=0)
