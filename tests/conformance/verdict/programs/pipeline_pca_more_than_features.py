"""Sensor readings through a scikit-learn pipeline into a small network."""
import numpy as np
from sklearn.decomposition import PCA
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from tensorflow import keras

rng = np.random.default_rng(2)
readings = rng.normal(size=(200, 6))
failed = (readings[:, 0] > 1).astype("float32")
steps = Pipeline([("scale", StandardScaler()), ("reduce", PCA(n_components=8))])
features = steps.fit_transform(readings)
model = keras.Sequential([keras.layers.Input((8,)), keras.layers.Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
model.fit(features, failed, epochs=1, verbose=0)
