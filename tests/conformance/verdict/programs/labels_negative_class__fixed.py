import numpy as np
from tensorflow import keras

returns = np.sin(np.arange(121) * 1.7)
direction = np.sign(np.diff(returns)).astype(int)     # -1, 0, 1
steps = 10
X = np.stack([returns[i:i + steps] for i in range(len(direction) - steps)])[..., None]
y = direction[steps:] + 1

model = keras.Sequential([
    keras.layers.SimpleRNN(5, input_shape=(steps, 1)),
    keras.layers.Dense(3, activation="softmax"),
])
model.compile(loss="sparse_categorical_crossentropy", optimizer="adam")
model.fit(X, y, epochs=1, verbose=0)
