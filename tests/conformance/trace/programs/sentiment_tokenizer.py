# only: keras=2
import numpy as np
from tensorflow.keras.preprocessing.text import Tokenizer
from tensorflow.keras.preprocessing.sequence import pad_sequences
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Embedding, LSTM, Dense, SpatialDropout1D

texts = ["good movie", "bad movie", "really good acting", "really bad plot and bad acting", "not good", "not bad at all"]
labels = [1, 0, 1, 0, 0, 1]

num_words = 50
maxlen = 6
tokenizer = Tokenizer(num_words=num_words, oov_token="<OOV>")
tokenizer.fit_on_texts(texts)
seqs = tokenizer.texts_to_sequences(texts)
X = pad_sequences(seqs, maxlen=maxlen)
y = np.asarray(labels)
print(X)

embedding_dim = 8
vectors = {w: np.random.randn(embedding_dim) for w in ["good", "bad", "movie", "not"]}
matrix = np.zeros((num_words, embedding_dim))
for word, i in tokenizer.word_index.items():
    vec = vectors.get(word)
    if vec is not None and i < num_words:
        matrix[i] = vec

model = Sequential()
model.add(Embedding(num_words, embedding_dim, weights=[matrix], input_length=maxlen, trainable=False))
model.add(SpatialDropout1D(0.2))
model.add(LSTM(8, dropout=0.1, recurrent_dropout=0.1))
model.add(Dense(1, activation="sigmoid"))
model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
model.fit(X, y, epochs=1, batch_size=2, verbose=0)

probe = pad_sequences(tokenizer.texts_to_sequences(["good plot", "bad"]), maxlen=maxlen)
out = model.predict(probe, verbose=0)
rounded = np.round(out).astype(int).ravel()
emb = model.layers[0].get_weights()[0]
norms = np.linalg.norm(emb, axis=1)
unit = emb / np.where(norms == 0, 1, norms)[:, None]
similarity = unit @ unit.T
print(rounded, similarity.shape)
