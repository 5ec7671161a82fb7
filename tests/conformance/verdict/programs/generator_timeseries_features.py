import numpy as np
from tensorflow import keras

data = np.random.rand(90, 3)
generator = keras.preprocessing.sequence.TimeseriesGenerator(data, data, length=5, batch_size=16)

model = keras.Sequential([
    keras.layers.LSTM(6, input_shape=(5, 3)),
    keras.layers.Dense(2),
])
model.compile(optimizer="adam", loss="mse")
model.fit(generator, epochs=1, verbose=0)
