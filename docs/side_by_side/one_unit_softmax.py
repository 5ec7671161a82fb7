# keras=3: A softmax over a single unit (nothing raises)
import numpy as np
from keras import Sequential, layers

X = np.random.rand(128, 10).astype("float32")
y = np.random.randint(0, 2, size=(128, 1))

model = Sequential(
    [
        layers.Input((10,)),
        layers.Dense(16, activation="relu"),
        layers.Dense(1, activation="softmax"),
    ]
)
model.compile("adam", "binary_crossentropy")
model.fit(X, y, epochs=1, verbose=0)
print(np.unique(model.predict(X, verbose=0)))
