import numpy as np
from tensorflow import keras

x = np.random.rand(24, 10, 2)
level = np.random.rand(24, 1)
kind = np.random.randint(0, 3, size=24)

window = keras.Input((10, 2))
state = keras.layers.GRU(6)(window)
outputs = [
    keras.layers.Dense(1, name="level")(state),
    keras.layers.Dense(3, activation="softmax", name="kind")(state),
]
model = keras.Model(window, outputs)
model.compile(optimizer="adam", loss={"level": "mse", "kind": "sparse_categorical_crossentropy"})
model.fit(x, [level, kind], epochs=1, verbose=0)
