import numpy as np
from tensorflow.keras import Sequential
from tensorflow.keras.layers import GRU, Dense, Input, TimeDistributed

MODE = "tagging"
N_TAGS = 5

rnn = GRU(8, return_sequences=True) if MODE == "tagging" else GRU(8)
head = TimeDistributed(Dense(N_TAGS, activation="softmax")) if MODE == "tagging" else Dense(N_TAGS, activation="softmax")

model = Sequential([Input((17, 6)), rnn, head])
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(np.random.rand(9, 17, 6), np.random.randint(0, N_TAGS, (9, 17)), epochs=1, verbose=0)
