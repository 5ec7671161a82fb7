import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

BATCH = 8

inputs = keras.Input(batch_shape=(BATCH, 5, 2))
x = layers.GRU(6, stateful=True)(inputs)
outputs = layers.Dense(1)(x)
model = keras.Model(inputs, outputs)
model.compile(optimizer="adam", loss="mse")

x_train = np.random.rand(4 * BATCH, 5, 2)
y_train = np.random.rand(4 * BATCH, 1)
model.fit(x_train, y_train, batch_size=BATCH, epochs=1, shuffle=False, verbose=0)

# one live sample arrives
live = np.random.rand(1, 5, 2)
live = np.repeat(live, BATCH, axis=0)
print(model.predict(live, batch_size=BATCH, verbose=0))
