import numpy as np
from tensorflow import keras

rng = np.random.default_rng(5)
x = rng.normal(size=(64, 7))
true_price = x @ rng.normal(size=7)

model = keras.Sequential([keras.layers.Dense(8, activation="relu", input_shape=(7,)), keras.layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
model.fit(x, true_price, epochs=1, verbose=0)

# mean absolute error by hand: (64, 1) - (64,)
predicted = model.predict(x, verbose=0)
mae = np.mean(np.abs(predicted - true_price))
print("MAE", mae)
