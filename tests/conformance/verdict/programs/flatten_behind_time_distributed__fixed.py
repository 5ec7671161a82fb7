import numpy as np
from tensorflow.keras import layers, models

model = models.Sequential([
    layers.Input(shape=(4, 12, 12, 3)),
    layers.TimeDistributed(layers.Conv2D(2, 3)),
    layers.TimeDistributed(layers.MaxPooling2D()),
    layers.TimeDistributed(layers.Flatten()),
    layers.LSTM(4),
])
video = model.predict(np.zeros((2, 4, 12, 12, 3)), verbose=0)
