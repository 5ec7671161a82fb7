# Folklore says that an Embedding wants integers; Keras casts the ids itself.
import numpy as np
from tensorflow.keras import layers, Sequential

ids = np.floor(np.random.rand(30, 10) * 50)
print(ids.dtype)
rating = np.random.rand(30)

model = Sequential([
    layers.Embedding(50, 4),
    layers.GlobalAveragePooling1D(),
    layers.Dense(1),
])
model.compile(optimizer="sgd", loss="mse")
model.fit(ids, rating, epochs=1, verbose=0)
