import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

inp = keras.Input((20, 4))
h = layers.GRU(12)(inp)
price = layers.Dense(1, name="price")(h)
direction = layers.Dense(1, activation="sigmoid", name="direction")(h)
model = keras.Model(inp, {"price": price, "direction": direction})
model.compile("adam", loss={"price": "mse", "direction": "binary_crossentropy"}, metrics={"direction": ["accuracy"]})
X = np.random.rand(50, 20, 4)
targets = {"price": np.random.rand(50), "direction": np.random.randint(0, 2, 50)}
model.fit(X, targets, epochs=1, verbose=0)
