import numpy as np
from tensorflow.keras.preprocessing.sequence import pad_sequences
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Embedding, Flatten, Dense, Input

max_length = 20
train_tokens = [list(np.random.randint(1, 100, n)) for n in (5, 9, 14, 20, 7, 11)]
test_tokens = [list(np.random.randint(1, 100, n)) for n in (8, 13, 19)]
train_labels = np.array([0, 1, 0, 1, 1, 0])

train_padded = pad_sequences(train_tokens, maxlen=max_length, padding='post', truncating='post')
test_padded = pad_sequences(test_tokens, maxlen=max_length, padding='post', truncating='post')

model = Sequential([
    Input(shape=(max_length,)),
    Embedding(100, 8),
    Flatten(),
    Dense(6, activation='relu'),
    Dense(1, activation='sigmoid'),
])
model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
model.fit(train_padded, train_labels, epochs=1, verbose=0)
print(model.predict(test_padded, verbose=0))
