import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Embedding, LSTM, Dense

max_words, max_len = 150, 18
model = Sequential()
model.add(Embedding(max_words, 8, mask_zero=True))
model.add(LSTM(6))
model.add(Dense(1, activation='sigmoid'))
model.compile(loss='binary_crossentropy', optimizer='adam')
model.fit(np.random.randint(0, max_words, (20, max_len)), np.random.randint(0, 2, 20), epochs=1, verbose=0)
