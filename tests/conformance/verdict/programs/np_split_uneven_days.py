import numpy as np
from tensorflow import keras

daily_power = np.random.rand(368, 8)          # a bit more than a year
train, test = daily_power[:-60], daily_power[-60:]

# standard weeks
train = np.array(np.split(train, len(train) // 7))
test = np.array(np.split(test, len(test) // 7))
print(train.shape, test.shape)

X, y = train[:-1], train[1:, :, 0]
model = keras.Sequential([keras.layers.LSTM(8, input_shape=(7, 8)), keras.layers.Dense(7)])
model.compile("adam", "mse")
model.fit(X, y, epochs=1, verbose=0)
