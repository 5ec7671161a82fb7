import numpy as np
from tensorflow import keras

HP = dict(layers=[24, 16, 8], dropout=0.2, lr=1e-3)


def stack_lstms(hp, timesteps, features):
    model = keras.models.Sequential()
    model.add(keras.layers.Input((timesteps, features)))
    for depth, units in enumerate(hp["layers"]):
        last = depth == len(hp["layers"]) - 1
        model.add(keras.layers.LSTM(units, return_sequences=not last))
        model.add(keras.layers.Dropout(hp["dropout"]))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(1))
    model.compile(keras.optimizers.Adam(hp["lr"]), "mse")
    return model


def evaluate_head(model, head_units):
    """The regression head was trained elsewhere, for the last state only."""
    kernel = np.random.rand(head_units, 1).astype("float32")
    model.layers[-1].set_weights([kernel, np.zeros(1)])


model = stack_lstms(HP, 10, 2)
evaluate_head(model, HP["layers"][-1])
print(model.predict(np.random.rand(3, 10, 2), verbose=0))
