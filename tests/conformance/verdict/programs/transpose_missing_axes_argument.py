import numpy as np
from tensorflow.keras import Sequential, layers

# (batch, channels, time) from the amplifier
emg = np.random.randn(20, 4, 64)
emg = emg.transpose()
labels = np.random.randint(0, 3, 20)

model = Sequential([
    layers.Input((64, 4)),
    layers.LSTM(6),
    layers.Dense(3, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(emg, labels, epochs=1, verbose=0)
