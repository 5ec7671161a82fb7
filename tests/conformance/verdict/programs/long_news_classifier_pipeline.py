import re
from collections import Counter

import numpy as np
import tensorflow as tf
from sklearn.model_selection import train_test_split
from tensorflow.keras import layers

HEADLINES = [
    ("Markets slide as oil prices climb", "business"),
    ("Striker scores twice in cup final", "sport"),
    ("New telescope maps distant galaxies", "science"),
    ("Central bank holds interest rates", "business"),
    ("Coach resigns after third defeat", "sport"),
    ("Scientists sequence ancient genome", "science"),
    ("Retailer cuts jobs amid weak sales", "business"),
    ("Marathon record falls in Berlin", "sport"),
    ("Probe lands on the far side of the moon", "science"),
    ("Shares of chip maker jump", "business"),
]
PAD, UNK = 0, 1


class Vocabulary:
    def __init__(self, max_size=30):
        self.max_size = max_size
        self.index = {}

    @staticmethod
    def tokenize(text):
        return re.findall(r"[a-z]+", text.lower())

    def fit(self, texts):
        counts = Counter(token for text in texts for token in self.tokenize(text))
        for rank, (token, _) in enumerate(counts.most_common(self.max_size)):
            self.index[token] = rank + 2  # 0 and 1 are taken
        return self

    def encode(self, text, length):
        ids = [self.index.get(token, UNK) for token in self.tokenize(text)][:length]
        return ids + [PAD] * (length - len(ids))

    def __len__(self):
        return len(self.index)


class NewsClassifier:
    def __init__(self, vocab, classes, length=8):
        self.vocab = vocab
        self.classes = classes
        self.length = length
        self.model = self._build()

    def _build(self):
        ids = layers.Input((self.length,), dtype="int32")
        x = layers.Embedding(len(self.vocab), 10)(ids)
        x = layers.SpatialDropout1D(0.1)(x)
        x = layers.Conv1D(12, 3, activation="relu")(x)
        x = layers.GlobalMaxPooling1D()(x)
        x = layers.Dense(len(self.classes), activation="softmax")(x)
        model = tf.keras.Model(ids, x)
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        return model

    def prepare(self, texts):
        return np.array([self.vocab.encode(t, self.length) for t in texts])

    def fit(self, texts, labels):
        y = np.array([self.classes.index(label) for label in labels])
        return self.model.fit(self.prepare(texts), y, epochs=1, verbose=0)


texts = [text for text, _ in HEADLINES]
labels = [label for _, label in HEADLINES]
vocab = Vocabulary().fit(texts)
classifier = NewsClassifier(vocab, sorted(set(labels)))
history = classifier.fit(texts, labels)
print(history.history)
