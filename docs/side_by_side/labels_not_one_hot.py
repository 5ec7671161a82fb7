# keras=3: Class numbers for a loss that wants one-hot rows
import numpy as np
from keras import Sequential, layers

X = np.random.rand(200, 12).astype("float32")
y = np.random.randint(0, 3, size=(200,))

model = Sequential(
    [
        layers.Input((12,)),
        layers.Dense(16, activation="relu"),
        layers.Dense(3, activation="softmax"),
    ]
)
model.compile("adam", "categorical_crossentropy")
model.fit(X, y, epochs=1, verbose=0)
