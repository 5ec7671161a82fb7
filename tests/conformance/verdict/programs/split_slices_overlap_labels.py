import numpy as np
from tensorflow import keras

bpm = np.random.normal(80, 10, (200, 15, 1))
fit_level = np.random.rand(200)
TRAIN, VAL = 0.7, 0.15

i = int(TRAIN * len(bpm))
j = i + int(VAL * len(bpm))
parts = {
    "train": (bpm[:i], fit_level[:i]),
    "val": (bpm[i:j], fit_level[:j]),
    "test": (bpm[j:], fit_level[j:]),
}

model = keras.Sequential([keras.layers.LSTM(4, input_shape=(15, 1)), keras.layers.Dense(1)])
model.compile("adam", "mse")
model.fit(*parts["train"], epochs=1, verbose=0)
for name in ("val", "test"):
    print(name, model.evaluate(*parts[name], verbose=0))
