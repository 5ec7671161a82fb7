"""Save, load, go on; weights only; clone; config."""
import os
import tempfile

import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

folder = tempfile.mkdtemp()
x = np.random.rand(64, 12, 2)
y = np.random.rand(64, 1)


def make():
    m = keras.Sequential([layers.Input((12, 2)), layers.LSTM(7), layers.Dense(1)])
    m.compile("adam", "mse")
    return m


model = make()
model.fit(x, y, epochs=1, verbose=0)
path = os.path.join(folder, "model.keras")
model.save(path)
loaded = keras.models.load_model(path)
a = model.predict(x[:6], verbose=0)
b = loaded.predict(x[:6], verbose=0)
diff = np.abs(a - b)
weights_path = os.path.join(folder, "w.weights.h5")
model.save_weights(weights_path)
other = make()
other.load_weights(weights_path)
c = other.predict(x[:6], verbose=0)
kernel, recurrent, bias = model.layers[0].get_weights()
twin = keras.models.clone_model(model)
twin.build((None, 12, 2))
twin.set_weights(model.get_weights())
d = twin(x[:2])
config = model.get_config()
fresh = keras.Sequential.from_config(config)
e = fresh(x[:3])
text = model.to_json()
from_json = keras.models.model_from_json(text)
f = from_json.predict(x[:5], verbose=0)
head = keras.Model(loaded.inputs, loaded.layers[0].output)
states = head.predict(x[:6], verbose=0)
np.savez(os.path.join(folder, "arrays.npz"), x=x, y=y)
with np.load(os.path.join(folder, "arrays.npz")) as data:
    x2 = data["x"]
    y2 = data["y"]
np.save("states.npy", states)
states2 = np.load("states.npy")
count = model.count_params()
print(diff.shape, kernel.shape, recurrent.shape, bias.shape, d.shape, e.shape, f.shape, x2.shape, y2.shape, states2.shape, count)
