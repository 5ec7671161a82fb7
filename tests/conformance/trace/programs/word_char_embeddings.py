"""Words and the characters of each word: rank-3 ids, TimeDistributed encoders."""
import numpy as np
from tensorflow import keras
from tensorflow.keras.layers import (LSTM, Bidirectional, Concatenate, Conv1D, Dense, Embedding, GlobalMaxPooling1D,
                                     Input, TimeDistributed)
from tensorflow.keras.utils import pad_sequences

sentences = [["the", "quick", "fox"], ["a", "dog", "barks", "loudly"], ["hello"], ["shape", "errors", "hurt"]]
tags = [[0, 1, 2], [0, 2, 3, 1], [3], [2, 2, 3]]
n_tags = 4
max_words = max(len(s) for s in sentences)
max_chars = max(len(w) for s in sentences for w in s)

words = sorted({w for s in sentences for w in s})
chars = sorted({c for w in words for c in w})
w2i = {w: i for i, w in enumerate(words, start=2)}
c2i = {c: i for i, c in enumerate(chars, 1)}

X_word = pad_sequences([[w2i[w] for w in s] for s in sentences], maxlen=max_words, padding="post", value=0)
X_char = []
for sentence in sentences:
    sent_seq = []
    for i in range(max_words):
        word_seq = []
        for j in range(max_chars):
            try:
                word_seq.append(c2i[sentence[i][j]])
            except IndexError:
                word_seq.append(0)
        sent_seq.append(word_seq)
    X_char.append(np.array(sent_seq))
X_char = np.array(X_char).reshape(len(sentences), max_words, max_chars)
Y = pad_sequences(tags, maxlen=max_words, padding="post")
Y = np.array([keras.utils.to_categorical(row, num_classes=n_tags) for row in Y])

word_in = Input(shape=(max_words,))
emb_word = Embedding(input_dim=len(words) + 2, output_dim=8)(word_in)
char_in = Input(shape=(max_words, max_chars))
emb_char = TimeDistributed(Embedding(input_dim=len(chars) + 1, output_dim=5))(char_in)
char_conv = TimeDistributed(Conv1D(6, 2, padding="same", activation="tanh"))(emb_char)
char_enc = TimeDistributed(GlobalMaxPooling1D())(char_conv)
char_lstm = TimeDistributed(LSTM(units=4, return_sequences=False))(emb_char)
x = Concatenate()([emb_word, char_enc, char_lstm])
main_lstm = Bidirectional(LSTM(units=5, return_sequences=True))(x)
out = TimeDistributed(Dense(n_tags, activation="softmax"))(main_lstm)
model = keras.Model([word_in, char_in], out)
model.compile(optimizer="adam", loss="categorical_crossentropy")
model.fit([X_word, X_char], Y, batch_size=2, epochs=1, verbose=0)
y_pred = model.predict([X_word, X_char], verbose=0)
p = np.argmax(y_pred[0], axis=-1)
confidence = y_pred.max(-1)
mask = X_word > 0
mean_conf = (confidence * mask).sum() / mask.sum()
transitions = np.zeros((n_tags, n_tags), dtype=int)
for row in tags:
    for a, b in zip(row, row[1:]):
        transitions[a, b] += 1
smoothed = (transitions + 1) / (transitions.sum(axis=1, keepdims=True) + n_tags)
score = confidence[0, 0]
for t in range(1, len(sentences[0])):
    step = score + np.log(smoothed[p[t - 1]]) + np.log(y_pred[0, t] + 1e-9)
    score = step.max()
print(p, mean_conf, score)
