import numpy as np
import tensorflow as tf
from tensorflow.keras import layers
from tensorflow.keras.preprocessing.sequence import pad_sequences

MAXLEN, VOCAB, DIM = 24, 150, 8


class TokenAndPositionEmbedding(layers.Layer):
    def __init__(self, maxlen, vocab_size, embed_dim):
        super().__init__()
        self.token_emb = layers.Embedding(input_dim=vocab_size, output_dim=embed_dim)
        self.pos_emb = layers.Embedding(input_dim=maxlen, output_dim=embed_dim)

    def call(self, x):
        maxlen = tf.shape(x)[-1]
        positions = tf.range(start=0, limit=maxlen, delta=1)
        positions = self.pos_emb(positions)
        x = self.token_emb(x)
        return x + positions


docs = [np.random.randint(1, VOCAB, n).tolist() for n in (10, 31, 18, 22)]
x = pad_sequences(docs)
layer = TokenAndPositionEmbedding(MAXLEN, VOCAB, DIM)
print(layer(x).shape)
