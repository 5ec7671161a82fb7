"""Word vectors from a text file into an Embedding matrix."""
import numpy as np
from tensorflow.keras.initializers import Constant
from tensorflow.keras.layers import Conv1D, Dense, Embedding, GlobalMaxPooling1D, Input
from tensorflow.keras.models import Model
from tensorflow.keras.preprocessing.sequence import pad_sequences
from tensorflow.keras.utils import to_categorical

MAX_LEN = 20
EMBEDDING_DIM = 10
corpus = ["the film was good", "a bad bad film", "good acting and a good story", "the story was bad"]
labels = [1, 0, 1, 0]
with open("vectors.txt", "w") as f:
    for w in ["the", "film", "good", "bad", "story"]:
        f.write(w + " " + " ".join("%.3f" % v for v in np.random.randn(EMBEDDING_DIM)) + "\n")
embeddings_index = {}
with open("vectors.txt") as f:
    for line in f:
        parts = line.split()
        word = parts[0]
        coefs = np.asarray(parts[1:], dtype="float32")
        embeddings_index[word] = coefs
word_index = {}
for sentence in corpus:
    for w in sentence.split():
        word_index.setdefault(w, len(word_index) + 1)
sequences = [[word_index[w] for w in s.split()] for s in corpus]
data = pad_sequences(sequences, maxlen=MAX_LEN)
y = to_categorical(np.asarray(labels))
indices = np.arange(data.shape[0])
np.random.shuffle(indices)
data, y = data[indices], y[indices]
num_words = len(word_index) + 1
embedding_matrix = np.zeros((num_words, EMBEDDING_DIM))
for word, i in word_index.items():
    vector = embeddings_index.get(word)
    if vector is not None:
        embedding_matrix[i] = vector
layer = Embedding(num_words, EMBEDDING_DIM, embeddings_initializer=Constant(embedding_matrix), trainable=False)
sequence_input = Input(shape=(MAX_LEN,), dtype="int32")
embedded = layer(sequence_input)
x = Conv1D(16, 3, activation="relu")(embedded)
x = GlobalMaxPooling1D()(x)
preds = Dense(len(set(labels)), activation="softmax")(x)
model = Model(sequence_input, preds)
model.compile(loss="categorical_crossentropy", optimizer="rmsprop", metrics=["acc"])
model.fit(data[:3], y[:3], validation_data=(data[3:], y[3:]), epochs=1, verbose=0)
norms = np.linalg.norm(embedding_matrix, axis=1, keepdims=True)
unit = embedding_matrix / np.maximum(norms, 1e-9)
cos = unit @ unit.T
nearest = np.argsort(-cos, axis=1)[:, 1:4]
print(data.shape, y.shape, embedded.shape, x.shape, cos.shape, nearest.shape)
