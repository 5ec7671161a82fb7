# %%
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

# %% synthetic sonar pings
pings = np.random.rand(60, 30, 2)
kind = np.random.randint(0, 3, 60)

# %% first attempt, works
model = keras.Sequential()
model.add(layers.Input(shape=(30, 2)))
model.add(layers.LSTM(10, return_sequences=True))
model.summary()

# %% let's make it deeper
model.add(layers.LSTM(10))
model.add(layers.Dense(3, activation="softmax"))
model.summary()

# %%
model.compile(loss="sparse_categorical_crossentropy", optimizer="adam")
model.fit(pings, kind, epochs=1, verbose=0)
