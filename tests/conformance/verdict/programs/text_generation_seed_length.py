import numpy as np
from tensorflow import keras

corpus = "to be or not to be that is the question " * 6
chars = sorted(set(corpus))
idx = {c: i for i, c in enumerate(chars)}
maxlen = 16

starts = range(0, len(corpus) - maxlen, 3)
x = np.zeros((len(starts), maxlen, len(chars)), dtype="float32")
y = np.zeros((len(starts), len(chars)), dtype="float32")
for n, s in enumerate(starts):
    for t, c in enumerate(corpus[s:s + maxlen]):
        x[n, t, idx[c]] = 1.0
    y[n, idx[corpus[s + maxlen]]] = 1.0

model = keras.Sequential([
    keras.layers.Input((maxlen, len(chars))),
    keras.layers.LSTM(12),
    keras.layers.Dense(len(chars), activation="softmax"),
])
model.compile("rmsprop", "categorical_crossentropy")
model.fit(x, y, epochs=1, verbose=0)


def generate(seed, n):
    text = seed
    for _ in range(n):
        probe = np.zeros((1, maxlen, len(chars)), dtype="float32")
        for t, c in enumerate(text):
            probe[0, t, idx[c]] = 1.0
        p = model.predict(probe, verbose=0)[0]
        text += chars[int(np.argmax(p))]
    return text


print(generate("that is the ques", 5))
