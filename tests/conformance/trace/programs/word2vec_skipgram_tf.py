"""word2vec with negative sampling: pairs made in Python, dot product model."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import Model
from tensorflow.keras.layers import Dot, Embedding, Flatten

sentence = "the wide road shimmered in the hot sun and the cold moon rose over the road".split()
vocab, index = {}, 1
vocab["<pad>"] = 0
for token in sentence:
    if token not in vocab:
        vocab[token] = index
        index += 1
vocab_size = len(vocab)
ids = [vocab[w] for w in sentence]
WINDOW, NUM_NS, DIM = 2, 4, 8


def skipgrams(ids, window):
    pairs = []
    for i, target in enumerate(ids):
        lo, hi = max(0, i - window), min(len(ids), i + window + 1)
        for j in range(lo, hi):
            if j != i:
                pairs.append((target, ids[j]))
    return pairs


pairs = np.array(skipgrams(ids, WINDOW))
targets = pairs[:, 0]
positives = pairs[:, 1:]
negatives = np.random.randint(1, vocab_size, size=(len(pairs), NUM_NS))
contexts = np.concatenate([positives, negatives], axis=1)
labels = np.zeros_like(contexts)
labels[:, 0] = 1


class Word2Vec(Model):
    def __init__(self, vocab_size, dim):
        super().__init__()
        self.target_embedding = Embedding(vocab_size, dim)
        self.context_embedding = Embedding(vocab_size, dim)

    def call(self, pair):
        target, context = pair
        if len(target.shape) == 2:
            target = tf.squeeze(target, axis=1)
        word = self.target_embedding(target)
        ctx = self.context_embedding(context)
        dots = tf.einsum("be,bce->bc", word, ctx)
        return dots


ds = tf.data.Dataset.from_tensor_slices(((targets, contexts), labels)).shuffle(100).batch(16, drop_remainder=True)
(t, c), l = next(iter(ds))
w2v = Word2Vec(vocab_size, DIM)
w2v.compile(optimizer="adam", loss=tf.keras.losses.CategoricalCrossentropy(from_logits=True))
w2v.fit(ds, epochs=1, verbose=0)
dots = w2v((t, c))
weights = w2v.target_embedding.get_weights()[0]
norm = weights / np.linalg.norm(weights, axis=1, keepdims=True)
query = norm[vocab["road"]]
sims = norm @ query
near = np.argsort(-sims)[:3]
print(t.shape, c.shape, l.shape, dots.shape, weights.shape, sims.shape, near.shape)
