import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import LSTM, Dense, Embedding

num_classes = 5
vocab_size = 200

# topic classification of short texts
X = np.random.randint(0, vocab_size, size=(80, 20))
y = np.random.randint(0, num_classes, size=(80,))

model = Sequential()
model.add(Embedding(vocab_size, 16))
model.add(LSTM(12))
model.add(Dense(num_classes, activation="softmax"))
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
model.fit(X, y, epochs=1, batch_size=16, verbose=0)
