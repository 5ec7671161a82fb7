import numpy as np
from sklearn.preprocessing import StandardScaler
from tensorflow.keras import layers, models


class Pipeline:
    def __init__(self):
        self.scaler = StandardScaler()

    def prepare(self, X):
        return self.scaler.fit_transform(X)

    def model(self, shape):
        m = models.Sequential()
        m.add(layers.Input(shape=shape))
        m.add(layers.Bidirectional(layers.LSTM(4)))
        m.add(layers.Dense(3, activation="softmax"))
        m.compile("adam", "sparse_categorical_crossentropy")
        return m


emg = np.random.randn(30, 50, 8)
motion = np.random.randint(0, 3, 30)
p = Pipeline()
X = p.prepare(emg)
p.model(X.shape[1:]).fit(X, motion, epochs=1, verbose=0)
