import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense, LSTM, Input

BATCH = 4
STEPS = 5


def phases(n, freq):
    grid = np.arange(n)[:, None] * freq + np.linspace(0, np.pi, BATCH)[None, :]
    return np.sin(grid)


signal = phases(101, 0.2)                   # time, series
inputs = signal[:-1]
targets = signal[1:]
n_chunks = len(inputs) // STEPS
chunks = inputs.reshape(n_chunks, STEPS, BATCH).transpose(0, 2, 1)[..., None]
goals = targets.reshape(n_chunks, STEPS, BATCH).transpose(0, 2, 1)[..., None]

model = Sequential()
model.add(Input(batch_shape=(BATCH, STEPS, 1)))
model.add(LSTM(6, stateful=True, return_sequences=True))
model.add(LSTM(6, stateful=True, return_sequences=True))
model.add(Dense(1))
model.compile(loss="mse", optimizer="adam")

losses = []
for epoch in range(2):
    total = 0.0
    for chunk, goal in zip(chunks, goals):
        loss = model.train_on_batch(chunk, goal)
        total += float(np.squeeze(loss))
    losses.append(total / n_chunks)
    for layer in model.layers:
        if hasattr(layer, "reset_states"):
            layer.reset_states()
        elif hasattr(layer, "reset_state"):
            layer.reset_state()

predictions = np.concatenate([model.predict_on_batch(chunk) for chunk in chunks], axis=1)
series = predictions[..., 0].T
truth = targets[: n_chunks * STEPS]
gap = series - truth
per_series = np.sqrt(np.mean(gap * gap, axis=0))
best = per_series.argmin()
print(losses, best, per_series.shape)
