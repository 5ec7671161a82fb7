"""Character model: one-hot by boolean indexing, sampling with temperature."""
import random

import numpy as np
from tensorflow.keras.layers import LSTM, Dense
from tensorflow.keras.models import Sequential
from tensorflow.keras.optimizers import RMSprop

text = ("the quick brown fox jumps over the lazy dog. " * 8).lower()
chars = sorted(set(text))
char_to_id = {c: i for i, c in enumerate(chars)}
id_to_char = dict(enumerate(chars))

maxlen = 20
step = 3
sentences = []
next_chars = []
for i in range(0, len(text) - maxlen, step):
    sentences.append(text[i: i + maxlen])
    next_chars.append(text[i + maxlen])

x = np.zeros((len(sentences), maxlen, len(chars)), dtype=bool)
y = np.zeros((len(sentences), len(chars)), dtype=bool)
for i, sentence in enumerate(sentences):
    for t, char in enumerate(sentence):
        x[i, t, char_to_id[char]] = 1
    y[i, char_to_id[next_chars[i]]] = 1

model = Sequential()
model.add(LSTM(16, input_shape=(maxlen, len(chars))))
model.add(Dense(len(chars), activation="softmax"))
model.compile(loss="categorical_crossentropy", optimizer=RMSprop(learning_rate=0.01))
model.fit(x, y, batch_size=32, epochs=1, verbose=0)


def sample(preds, temperature=1.0):
    preds = np.asarray(preds).astype("float64")
    preds = np.log(preds + 1e-9) / temperature
    exp_preds = np.exp(preds)
    preds = exp_preds / np.sum(exp_preds)
    probas = np.random.multinomial(1, preds / (preds.sum() + 1e-6), 1)
    return np.argmax(probas)


start = random.randint(0, len(text) - maxlen - 1)
generated = text[start: start + maxlen]
for _ in range(4):
    x_pred = np.zeros((1, maxlen, len(chars)))
    for t, char in enumerate(generated[-maxlen:]):
        x_pred[0, t, char_to_id[char]] = 1.0
    preds = model.predict(x_pred, verbose=0)[0]
    next_index = sample(preds, 0.5)
    generated += id_to_char[int(next_index)]
print(generated)
counts = np.bincount([char_to_id[c] for c in text], minlength=len(chars))
freq = counts / counts.sum()
entropy = -(freq * np.log2(freq)).sum()
print(entropy)
