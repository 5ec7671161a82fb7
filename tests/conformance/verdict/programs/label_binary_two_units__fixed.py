import numpy as np
from tensorflow import keras
from tensorflow.keras import layers


def build_model(seq_len, n_channels):
    inputs = keras.Input((seq_len, n_channels))
    x = layers.Conv1D(8, 7, activation="relu", padding="same")(inputs)
    x = layers.GlobalAveragePooling1D()(x)
    outputs = layers.Dense(1, activation="sigmoid")(x)
    return keras.Model(inputs, outputs)


# seizure yes / no from EEG
eeg = np.random.randn(48, 128, 4)
seizure = np.random.randint(0, 2, 48)

model = build_model(128, 4)
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
model.fit(eeg, seizure, batch_size=12, epochs=1, verbose=0)
