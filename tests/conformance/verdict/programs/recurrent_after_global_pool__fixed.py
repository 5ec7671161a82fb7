from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Conv1D, MaxPooling1D, LSTM, Dense
import numpy as np

cfg = {"timesteps": 64, "channels": 6, "filters": [8, 16], "units": 12, "activities": 5}

model = Sequential(name="har_cnn_lstm")
for i, f in enumerate(cfg["filters"]):
    if i == 0:
        model.add(Conv1D(f, 3, activation="relu", input_shape=(cfg["timesteps"], cfg["channels"])))
    else:
        model.add(Conv1D(f, 3, activation="relu"))
model.add(MaxPooling1D())
model.add(LSTM(cfg["units"]))
model.add(Dense(cfg["activities"], activation="softmax"))
model.compile("adam", "categorical_crossentropy")

x = np.random.rand(32, cfg["timesteps"], cfg["channels"])
y = np.eye(cfg["activities"])[np.random.randint(0, cfg["activities"], 32)]
model.fit(x, y, epochs=1, verbose=0)
