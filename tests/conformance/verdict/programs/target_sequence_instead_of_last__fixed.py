import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, models

n, T, F = 64, 30, 4
x = np.random.rand(n, T, F)
y = np.random.rand(n, T, 2)

model = models.Sequential()
model.add(layers.Input(shape=(T, F)))
model.add(layers.LSTM(8, return_sequences=True))
model.add(layers.Dense(2))
model.compile(optimizer=tf.keras.optimizers.RMSprop(), loss="mse")
model.fit(x, y, epochs=1, batch_size=16, verbose=0)
