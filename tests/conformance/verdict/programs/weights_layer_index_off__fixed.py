import numpy as np
from tensorflow import keras

model = keras.Sequential([
    keras.layers.Input((10,)),
    keras.layers.Dense(16, activation="relu", name="hidden"),
    keras.layers.Dropout(0.3),
    keras.layers.Dense(4, name="logits"),
])

pretrained = {
    "hidden": [np.random.rand(10, 16), np.zeros(16)],
    "logits": [np.random.rand(16, 4), np.zeros(4)],
}
for name, values in pretrained.items():
    model.get_layer(name).set_weights(values)
print(model(np.ones((1, 10))).shape)
