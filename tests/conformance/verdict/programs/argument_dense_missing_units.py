import numpy as np
from tensorflow import keras

layers_cfg = [
    ("LSTM", {"units": 12, "return_sequences": True}),
    ("Dropout", {"rate": 0.2}),
    ("LSTM", {"units": 6}),
    ("Dense", {"activation": "sigmoid"}),
]

model = keras.Sequential([keras.layers.Input((22, 2))])
for name, kwargs in layers_cfg:
    model.add(getattr(keras.layers, name)(**kwargs))
model.compile("adam", "binary_crossentropy")
model.fit(np.random.rand(12, 22, 2), np.random.randint(0, 2, 12), epochs=1, verbose=0)
