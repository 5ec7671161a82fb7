"""Text classifier with a hand-written transformer block and get_config."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers


class TokenAndPosition(layers.Layer):
    def __init__(self, maxlen, vocab, dim, **kw):
        super().__init__(**kw)
        self.maxlen, self.vocab, self.dim = maxlen, vocab, dim
        self.tok = layers.Embedding(vocab, dim)
        self.pos = layers.Embedding(maxlen, dim)

    def call(self, x):
        n = tf.shape(x)[-1]
        positions = tf.range(0, n, 1)
        p = self.pos(positions)
        return self.tok(x) + p

    def get_config(self):
        return {**super().get_config(), "maxlen": self.maxlen, "vocab": self.vocab, "dim": self.dim}


class Block(layers.Layer):
    def __init__(self, dim, heads, ff, rate=0.1):
        super().__init__()
        self.att = layers.MultiHeadAttention(num_heads=heads, key_dim=dim)
        self.ffn = tf.keras.Sequential([layers.Dense(ff, activation="relu"), layers.Dense(dim)])
        self.n1, self.n2 = layers.LayerNormalization(epsilon=1e-6), layers.LayerNormalization(epsilon=1e-6)
        self.d1, self.d2 = layers.Dropout(rate), layers.Dropout(rate)

    def call(self, x, training=False):
        a = self.d1(self.att(x, x), training=training)
        x = self.n1(x + a)
        f = self.d2(self.ffn(x), training=training)
        return self.n2(x + f)


maxlen, vocab, dim = 24, 300, 16
inputs = layers.Input(shape=(maxlen,))
emb = TokenAndPosition(maxlen, vocab, dim)(inputs)
h = Block(dim, 2, 32)(emb)
h = layers.GlobalAveragePooling1D()(h)
h = layers.Dropout(0.1)(h)
outputs = layers.Dense(3, activation="softmax")(h)
model = tf.keras.Model(inputs, outputs)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
seqs = [list(np.random.randint(1, vocab, np.random.randint(5, 40))) for _ in range(60)]
x = tf.keras.preprocessing.sequence.pad_sequences(seqs, maxlen=maxlen)
y = np.random.randint(0, 3, 60)
model.fit(x, y, batch_size=20, epochs=1, verbose=0)
logits = model.predict(x[:5], verbose=0)
best = logits.argmax(axis=1)
conf = logits[np.arange(5), best]
sub = tf.keras.Model(model.input, model.layers[1].output)
vectors = sub.predict(x[:2], verbose=0)
sim = vectors[0] @ vectors[1].T
print(logits.shape, conf.shape, vectors.shape, sim.shape)
