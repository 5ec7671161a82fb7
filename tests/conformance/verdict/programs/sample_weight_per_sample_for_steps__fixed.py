import numpy as np
from tensorflow import keras

x = np.random.rand(40, 12, 3).astype("float32")
y = np.random.randint(0, 4, size=(40, 12))
weights = np.random.rand(40, 12)

model = keras.Sequential(
    [keras.Input((12, 3)), keras.layers.GRU(8, return_sequences=True), keras.layers.Dense(4, activation="softmax")]
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
model.fit(x, y, sample_weight=weights, batch_size=8, epochs=1, verbose=0)
