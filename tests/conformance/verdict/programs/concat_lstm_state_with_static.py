import numpy as np
from tensorflow import keras
from tensorflow.keras import layers


def build(seq_shape, static_dim):
    seq_in = keras.Input(seq_shape, name="vitals")
    static_in = keras.Input((static_dim,), name="patient")
    seq = layers.LSTM(12, return_sequences=True)(seq_in)
    static = layers.Dense(12, activation="relu")(static_in)
    joined = layers.concatenate([seq, static])
    risk = layers.Dense(1, activation="sigmoid")(joined)
    return keras.Model(inputs=[seq_in, static_in], outputs=risk)


vitals = np.random.rand(30, 24, 5)
patient = np.random.rand(30, 7)
died = np.random.randint(0, 2, (30, 1))

model = build(vitals.shape[1:], patient.shape[1])
model.compile("adam", "binary_crossentropy")
model.fit([vitals, patient], died, epochs=1, verbose=0)
