"""Training on a plain Python generator that never ends."""
import numpy as np
from tensorflow.keras.layers import LSTM, Dense, TimeDistributed
from tensorflow.keras.models import Sequential

VOCAB = 12
STEPS = 9


def batches(data, batch_size, shuffle=True):
    n = len(data)
    while True:
        order = np.random.permutation(n) if shuffle else np.arange(n)
        for start in range(0, n - batch_size + 1, batch_size):
            rows = order[start:start + batch_size]
            chunk = data[rows]
            x = np.eye(VOCAB, dtype="float32")[chunk[:, :-1]]
            y = np.eye(VOCAB, dtype="float32")[chunk[:, 1:]]
            yield x, y


corpus = np.random.randint(0, VOCAB, size=(64, STEPS + 1))
held = np.random.randint(0, VOCAB, size=(16, STEPS + 1))
model = Sequential()
model.add(LSTM(20, return_sequences=True, input_shape=(STEPS, VOCAB)))
model.add(TimeDistributed(Dense(VOCAB, activation="softmax")))
model.compile(loss="categorical_crossentropy", optimizer="rmsprop", metrics=["accuracy"])
gen = batches(corpus, 16)
x0, y0 = next(gen)
steps = len(corpus) // 16
history = model.fit(gen, steps_per_epoch=steps, epochs=2, validation_data=batches(held, 8, False), validation_steps=2, verbose=0)
loss, acc = model.evaluate(batches(held, 8, False), steps=2, verbose=0)
probs = model.predict(batches(held, 8, False), steps=2, verbose=0)
tokens = probs.argmax(-1)
first = tokens[0]
perplexity = np.exp(loss)
print(probs.shape, tokens.shape, first.shape, perplexity, x0.shape, y0.shape)
