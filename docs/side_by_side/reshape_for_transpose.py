# keras=3: A reshape where a transpose was meant (nothing raises)
import numpy as np
from keras import Sequential, layers

sensors = np.random.rand(64, 6, 100).astype("float32")  # 6 sensors, 100 timesteps each
y = np.random.rand(64, 1)

X = sensors.reshape(64, 100, 6)

model = Sequential([layers.Input((100, 6)), layers.LSTM(16), layers.Dense(1)])
model.compile("adam", "mse")
model.fit(X, y, verbose=0)
print(model.output_shape)
