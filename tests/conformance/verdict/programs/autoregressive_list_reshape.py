import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import LSTM, Dense

history = [float(v) for v in np.random.rand(60)]
n_steps = 12

X = np.array([history[i:i + n_steps] for i in range(len(history) - n_steps)]).reshape(-1, n_steps, 1)
y = np.array(history[n_steps:])
model = Sequential([LSTM(5, input_shape=(n_steps, 1)), Dense(1)])
model.compile("adam", "mse")
model.fit(X, y, epochs=1, verbose=0)

temp_input = history[-n_steps:]
lst_output = []
i = 0
while i < 4:
    if len(temp_input) > n_steps:
        x_input = np.array(temp_input)
    else:
        x_input = np.array(temp_input)
    x_input = x_input.reshape((1, n_steps, 1))
    yhat = model.predict(x_input, verbose=0)
    temp_input.append(float(yhat[0][0]))
    lst_output.append(float(yhat[0][0]))
    i += 1
print(lst_output)
