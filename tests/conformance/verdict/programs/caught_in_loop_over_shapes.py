import numpy as np
from tensorflow.keras.layers import LSTM

shapes = [(4, 6, 3), (4, 6), (1, 6, 3)]
results = {}
for shape in shapes:
    batch = np.ones(shape, dtype="float32")
    layer = LSTM(5)
    try:
        results[shape] = layer(batch).shape
    except ValueError as exc:
        results[shape] = "error"
for shape, outcome in results.items():
    print(shape, "->", outcome)
