# keras=2: An Embedding that is one row too short
import numpy as np
from tensorflow.keras.layers import LSTM, Dense, Embedding
from tensorflow.keras.models import Sequential

words = ["the", "cat", "sat", "on", "mat"]
ids = {word: number for number, word in enumerate(words, start=1)}
text = np.array([[ids[word] for word in words]] * 8)

model = Sequential([Embedding(len(words), 16), LSTM(8), Dense(1)])
model.compile("adam", "mse")
model.fit(text, np.zeros((8, 1)), verbose=0)
