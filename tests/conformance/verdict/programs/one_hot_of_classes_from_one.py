import numpy as np
from tensorflow import keras
from tensorflow.keras.utils import to_categorical

signals = np.random.rand(40, 16, 3)
activity = np.random.randint(1, 7, (40, 1))
activity[:6, 0] = range(1, 7)
labels = to_categorical(activity)
model = keras.Sequential([keras.Input((16, 3)), keras.layers.LSTM(4), keras.layers.Dense(6, activation="softmax")])
model.compile(optimizer="adam", loss="categorical_crossentropy")
model.fit(signals, labels, epochs=1, verbose=0)
