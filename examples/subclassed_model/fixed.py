import numpy as np
import tensorflow as tf


class Tagger(tf.keras.Model):
    """One tag for every word of a sentence."""

    def __init__(self, vocab, tags, width=16):
        super().__init__()
        self.embed = tf.keras.layers.Embedding(vocab, width)
        self.forward_rnn = tf.keras.layers.LSTM(width, return_sequences=True)
        self.backward_rnn = tf.keras.layers.LSTM(width, return_sequences=True, go_backwards=True)
        self.norm = tf.keras.layers.LayerNormalization()
        self.classify = tf.keras.layers.Dense(tags)

    def call(self, words):
        x = self.embed(words)
        left = self.forward_rnn(x)
        right = tf.reverse(self.backward_rnn(x), axis=[1])
        both = tf.concat([left, right], axis=-1)
        return self.classify(self.norm(both))


vocab, tags, length = 60, 5, 9
words = np.random.randint(0, vocab, (40, length))
labels = np.random.randint(0, tags, (40, length))

tagger = Tagger(vocab, tags)
tagger.compile(
    optimizer="adam",
    loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
tagger.fit(words, labels, epochs=1, batch_size=8, verbose=0)

logits = tagger.predict(words[:4], verbose=0)
best = logits.argmax(axis=-1)
hits = (best == labels[:4]).sum(axis=1)
print("hits per sentence:", hits)
