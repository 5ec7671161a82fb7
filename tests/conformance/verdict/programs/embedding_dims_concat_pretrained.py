import numpy as np

rng = np.random.default_rng(2)


def fasttext(tokens):
    return np.array([rng.normal(size=30) for _ in tokens])


def char_features(tokens):
    return np.array([[len(t), sum(c.isdigit() for c in t)] for t in tokens])


def encode(sentence, use_chars):
    tokens = sentence.split()
    vectors = fasttext(tokens)
    if use_chars:
        vectors = np.concatenate([vectors, char_features(tokens)], axis=1)
    return vectors


orders = ["2 kg of flour", "1 bag of rice"]
batch = [encode(orders[0], use_chars=True), encode(orders[1], use_chars=False)]
batch = np.stack(batch)
print(batch.shape)
