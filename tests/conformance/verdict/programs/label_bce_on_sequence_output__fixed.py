import numpy as np
from tensorflow.keras import Sequential, layers

# anomaly flag per recording, but the last recurrent layer still returns the sequence
recordings = np.random.normal(size=(40, 25, 2))
flags = np.random.randint(0, 2, size=(40, 1)).astype("float32")
flags = np.repeat(flags, 5, axis=1)

model = Sequential([
    layers.Input(shape=(25, 2)),
    layers.LSTM(6, return_sequences=True),
    layers.LSTM(6),
    layers.Dense(5, activation="sigmoid"),
])
model.compile(optimizer="adam", loss="binary_crossentropy")
model.fit(recordings, flags, epochs=1, batch_size=20, verbose=0)
