import numpy as np
from tensorflow import keras

# tiny pretrained vectors
vectors = {
    "good": [0.1, 0.3, 0.2, 0.9],
    "bad": [0.8, 0.1, 0.1, 0.2],
    "movie": [0.5, 0.5, 0.4, 0.4],
    "the": [0.0, 0.1, 0.0],
}


def embed(sentence):
    return [vectors[w] for w in sentence.split()]


sentences = ["the good movie", "the bad movie"]
X = np.array([embed(s) for s in sentences])
y = np.array([1, 0])

model = keras.Sequential([
    keras.layers.Input((3, 4)),
    keras.layers.LSTM(4),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile("adam", "binary_crossentropy")
model.fit(X, y, epochs=1, verbose=0)
