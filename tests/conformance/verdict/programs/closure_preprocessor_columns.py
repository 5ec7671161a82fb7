import numpy as np
from tensorflow.keras import Sequential
from tensorflow.keras.layers import Dense, LSTM


def make_preprocessor(window, columns):
    """Returns a function that cuts windows out of the chosen columns."""
    def preprocess(table):
        chosen = table[:, columns]
        xs = [chosen[i:i + window] for i in range(len(chosen) - window)]
        return np.stack(xs), table[window:, -1:]
    return preprocess


preprocess_train = make_preprocessor(9, [0, 1, 2])
preprocess_live = make_preprocessor(9, slice(0, 2))

rides = np.random.rand(100, 4)
x, y = preprocess_train(rides)
model = Sequential([LSTM(6, input_shape=x.shape[1:]), Dense(1)])
model.compile("adam", "mse")
model.fit(x, y, epochs=1, verbose=0)

live_x, live_y = preprocess_live(np.random.rand(30, 4))
print(model.evaluate(live_x, live_y, verbose=0))
