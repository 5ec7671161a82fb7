import numpy as np
import tensorflow as tf

np.random.seed(7)
sleep_stage = np.array([0, 1, 2, 3, 4, 5, 2, 3, 2, 1] * 6)   # 5 is REM
epochs_signal = np.random.randn(len(sleep_stage), 30, 2)

n_stages = 5
targets = np.eye(n_stages)[sleep_stage]

model = tf.keras.Sequential()
model.add(tf.keras.layers.InputLayer((30, 2)))
model.add(tf.keras.layers.Bidirectional(tf.keras.layers.GRU(5)))
model.add(tf.keras.layers.Dense(n_stages, activation="softmax"))
model.compile("adam", "categorical_crossentropy")
model.fit(epochs_signal, targets, epochs=1, verbose=0)
