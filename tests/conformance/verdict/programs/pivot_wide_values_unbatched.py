"""Store sales as a table; one week is given to the model without a batch axis."""
import numpy as np
import pandas as pd
from tensorflow.keras import Input, Model
from tensorflow.keras.layers import LSTM, Dense

days = pd.date_range("2024-01-01", periods=70)
frame = pd.DataFrame(np.random.rand(70, 5), index=days, columns=list("abcde"))
x = np.stack([frame.iloc[i:i + 7].to_numpy() for i in range(60)])
y = np.stack([frame.iloc[i + 7].to_numpy() for i in range(60)])
inp = Input((7, 5))
out = Dense(5)(LSTM(9)(inp))
model = Model(inp, out)
model.compile("adam", "mae")
model.fit(x, y, epochs=1, verbose=0)
last_week = frame.iloc[-7:].to_numpy()
forecast = model.predict(last_week, verbose=0)
print(pd.Series(forecast[0], index=frame.columns))
