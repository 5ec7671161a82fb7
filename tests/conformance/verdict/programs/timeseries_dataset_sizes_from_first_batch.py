import numpy as np
import pandas as pd
from tensorflow import keras

hours = pd.DataFrame(np.random.rand(np.random.randint(600, 700), 4), columns=["p", "t", "rh", "wind"])
values = hours.values
past, step = 48, 6
data = keras.utils.timeseries_dataset_from_array(
    values[:-past], values[past:, 1], sequence_length=past // step, sampling_rate=step, batch_size=32
)
for inputs, targets in data.take(1):
    print(inputs.shape, targets.shape)

window = keras.Input(shape=(past, inputs.shape[2]))
flat = keras.layers.Flatten()(window)
model = keras.Model(window, keras.layers.Dense(1)(flat))
model.compile(optimizer="adam", loss="mse")
model.fit(data, epochs=1, verbose=0)
