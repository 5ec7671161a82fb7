import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

prices = layers.Input(shape=(20, 1), name="prices")
volumes = layers.Input(shape=(20, 1), name="volumes")
sector = layers.Input(shape=(6,), name="sector")

p = layers.GRU(8)(prices)
v = layers.GRU(8)(volumes)
x = layers.Concatenate()([p, v, sector])
move = layers.Dense(3, activation="softmax")(x)
model = tf.keras.Model(inputs=[prices, volumes, sector], outputs=move)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")

n = 30
P, V = np.random.rand(n, 20, 1), np.random.rand(n, 20, 1)
y = np.random.randint(0, 3, n)
model.fit([P, V], y, epochs=1, verbose=0)
