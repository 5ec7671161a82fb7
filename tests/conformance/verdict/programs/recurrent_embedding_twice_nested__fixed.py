import numpy as np
import tensorflow as tf

MAX_SENTENCES, MAX_WORDS, VOCAB = 5, 12, 300

documents = np.random.randint(1, VOCAB, size=(40, MAX_SENTENCES, MAX_WORDS))
topics = np.random.randint(0, 4, size=40)


class DocumentModel(tf.keras.Model):
    """Hierarchical reader: words to sentences, sentences to a document."""

    def __init__(self, vocab, dim=8, topics=4):
        super().__init__()
        self.embed = tf.keras.layers.Embedding(vocab, dim)
        self.reader = tf.keras.layers.GRU(10)
        self.head = tf.keras.layers.Dense(topics, activation="softmax")

    def call(self, words):
        vectors = self.embed(words)
        state = self.reader(tf.reduce_mean(vectors, axis=2))
        return self.head(state)


model = DocumentModel(VOCAB)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
model.fit(documents, topics, epochs=1, verbose=0)
