"""Part-of-speech tags for padded sentences, masked loss by sample weights."""
import numpy as np
import tensorflow as tf
from tensorflow.keras.preprocessing.sequence import pad_sequences

corpus = [
    [("the", "D"), ("dog", "N"), ("runs", "V")],
    [("a", "D"), ("cat", "N"), ("sees", "V"), ("the", "D"), ("dog", "N")],
    [("dogs", "N"), ("bark", "V")],
    [("the", "D"), ("small", "A"), ("cat", "N"), ("sleeps", "V")],
]

words = sorted({w for sent in corpus for w, _ in sent})
tags = sorted({t for sent in corpus for _, t in sent})
word2id = {w: i + 1 for i, w in enumerate(words)}
tag2id = {t: i + 1 for i, t in enumerate(tags)}

X_raw = [[word2id[w] for w, _ in sent] for sent in corpus]
Y_raw = [[tag2id[t] for _, t in sent] for sent in corpus]
MAX = max(map(len, X_raw))
X = pad_sequences(X_raw, maxlen=MAX, padding="post")
Y = pad_sequences(Y_raw, maxlen=MAX, padding="post", value=0)
weights = (X > 0).astype("float32")
Y_onehot = tf.keras.utils.to_categorical(Y, num_classes=len(tags) + 1)

inputs = tf.keras.layers.Input(shape=(MAX,))
emb = tf.keras.layers.Embedding(len(words) + 1, 6, mask_zero=True)(inputs)
rnn = tf.keras.layers.Bidirectional(tf.keras.layers.LSTM(5, return_sequences=True))(emb)
scores = tf.keras.layers.TimeDistributed(tf.keras.layers.Dense(len(tags) + 1, activation="softmax"))(rnn)
model = tf.keras.Model(inputs, scores)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(X, Y, sample_weight=weights, epochs=2, batch_size=2, verbose=0)

p = model.predict(X, verbose=0)
guessed = p.argmax(axis=2)
correct = (guessed == Y) & (X != 0)
token_accuracy = correct.sum() / weights.sum()
lengths = np.count_nonzero(X, axis=1)
last_tag = Y[np.arange(len(Y)), lengths - 1]
last_probs = p[np.arange(len(p)), lengths - 1]
flat_scores = p[X != 0]
cross = -np.log((p * Y_onehot).sum(-1) + 1e-9)
masked = np.ma.masked_array(cross, mask=(X == 0))
mean_loss = masked.mean(axis=1)
print(token_accuracy, last_tag, last_probs.shape, flat_scores.shape[1], mean_loss)
