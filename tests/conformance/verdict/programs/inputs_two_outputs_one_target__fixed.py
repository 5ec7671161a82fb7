import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

inp = keras.Input((30, 3))
x = layers.LSTM(8)(inp)
steering = layers.Dense(1, name="steering")(x)
gear = layers.Dense(5, activation="softmax", name="gear")(x)
model = keras.Model(inp, [steering, gear])
model.compile(
    optimizer="adam",
    loss={"steering": "mse", "gear": "sparse_categorical_crossentropy"},
)

drive = np.random.rand(20, 30, 3)
angles = np.random.rand(20, 1)
gears = np.random.randint(0, 5, (20, 1))
model.fit(drive, {"steering": angles, "gear": gears}, epochs=1, verbose=0)
