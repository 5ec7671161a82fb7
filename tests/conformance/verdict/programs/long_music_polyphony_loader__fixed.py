"""Piano rolls: (time, 88) per piece, cut into training examples."""
import numpy as np
import tensorflow as tf

N_KEYS = 88
LOWEST = 21


class Note:
    __slots__ = ("pitch", "start", "stop")

    def __init__(self, pitch, start, stop):
        self.pitch, self.start, self.stop = pitch, start, stop


def compose(seed, bars=16):
    rng = np.random.default_rng(seed)
    notes = []
    for beat in range(bars * 4):
        for _ in range(2):
            notes.append(Note(60 + int(rng.integers(0, 12)), beat, beat + 2))
    return notes


def to_roll(notes):
    length = max(n.stop for n in notes)
    roll = np.zeros((length, N_KEYS), dtype="float32")
    for n in notes:
        for t in range(n.start, n.stop):
            roll[t, n.pitch - LOWEST] = 1.0
    return roll


def examples(rolls, context):
    for roll in rolls:
        for t in range(len(roll) - context):
            yield roll[t:t + context], roll[t + context]


def dataset(context=16):
    rolls = [to_roll(compose(seed)) for seed in range(3)]
    pairs = list(examples(rolls, context))
    x = np.stack([p[0] for p in pairs])
    y = np.stack([p[1] for p in pairs])
    return x, y


def network(context):
    return tf.keras.Sequential([
        tf.keras.layers.Input((context, N_KEYS)),
        tf.keras.layers.LSTM(16),
        tf.keras.layers.Dense(N_KEYS, activation="sigmoid"),
    ])


if __name__ == "__main__":
    x, y = dataset()
    print(x.shape, y.shape)
    model = network(x.shape[1])
    model.compile(loss="binary_crossentropy", optimizer="adam")
    model.fit(x, y, epochs=1, batch_size=64, verbose=0)
