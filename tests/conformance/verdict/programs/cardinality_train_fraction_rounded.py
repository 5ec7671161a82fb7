import tensorflow as tf
import numpy as np

TRAIN_FRACTION = 0.7


def split(array, fraction):
    n = int(len(array) * fraction)
    return array[:n], array[n:]


class Experiment:
    def __init__(self, series, lookback):
        self.x = np.stack([series[i:i + lookback] for i in range(len(series) - lookback)])
        self.y = series[lookback:]
        self.series = series

    def run(self):
        x_train, x_test = split(self.x, TRAIN_FRACTION)
        # targets are cut from the raw series so that they stay aligned
        y_train, y_test = split(self.series, TRAIN_FRACTION)
        model = tf.keras.Sequential([
            tf.keras.layers.Dense(16, activation="relu", input_shape=(x_train.shape[1],)),
            tf.keras.layers.Dense(1),
        ])
        model.compile("adam", "mse")
        model.fit(x_train, y_train, epochs=1, verbose=0)
        return model.evaluate(x_test, y_test, verbose=0)


series = np.sin(np.linspace(0, 30, 310))
print(Experiment(series, 10).run())
