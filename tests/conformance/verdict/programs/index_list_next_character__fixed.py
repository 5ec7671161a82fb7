text = (
    "it was the best of times, it was the worst of times, it was the age of wisdom, "
    "it was the age of foolishness"
)
import numpy as np
from tensorflow import keras

chars = sorted(set(text))
stoi = {ch: k for k, ch in enumerate(chars)}
encoded = [stoi[ch] for ch in text]

maxlen = 20
sentences, next_chars = [], []
for i in range(0, len(encoded) - maxlen):
    sentences.append(encoded[i:i + maxlen])
    next_chars.append(encoded[i + maxlen])

x = np.zeros((len(sentences), maxlen, len(chars)), dtype=bool)
y = np.zeros((len(sentences), len(chars)), dtype=bool)
for i, sentence in enumerate(sentences):
    for t, c in enumerate(sentence):
        x[i, t, c] = 1
    y[i, next_chars[i]] = 1

model = keras.Sequential([
    keras.layers.LSTM(16, input_shape=(maxlen, len(chars))),
    keras.layers.Dense(len(chars), activation="softmax"),
])
model.compile(loss="categorical_crossentropy", optimizer="rmsprop")
model.fit(x, y, epochs=1, verbose=0)
