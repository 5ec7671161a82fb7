import numpy as np
from tensorflow import keras

SEQ, META = (15, 2), (4,)


def two_tower():
    sequence = keras.layers.Input(SEQ)
    metadata = keras.layers.Input(META)
    left = keras.layers.LSTM(6)(sequence)
    right = keras.layers.Dense(6, activation="relu")(metadata)
    both = keras.layers.Concatenate()([left, right])
    return keras.Model([sequence, metadata], keras.layers.Dense(1)(both))


data = {
    "meta": np.random.rand(24, *META),
    "seq": np.random.rand(24, *SEQ),
    "target": np.random.rand(24),
}
model = two_tower()
model.compile(optimizer="adam", loss="mse")
model.fit([data["seq"], data["meta"]], data["target"], epochs=1, verbose=0)
