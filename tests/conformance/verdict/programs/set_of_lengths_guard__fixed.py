import numpy as np
from tensorflow import keras

clips = [np.random.rand(16 if k % 4 else 18, 2) for k in range(12)]
lengths = {len(c) for c in clips}
print("lengths:", lengths)

if len(lengths) == 1:
    X = np.stack(clips)
else:
    shortest = min(lengths)
    X = np.stack([c[:shortest] for c in clips])

model = keras.Sequential([keras.layers.GRU(4, input_shape=(None, 2)), keras.layers.Dense(1)])
model.compile("adam", "mse")
model.fit(X, np.random.rand(len(X)), epochs=1, verbose=0)
