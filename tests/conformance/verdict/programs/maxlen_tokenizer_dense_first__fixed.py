import numpy as np
from tensorflow.keras.preprocessing.sequence import pad_sequences
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense

LIMIT = 16
commands = {
    "lights on": [4, 9],
    "lights off in the kitchen please": [4, 10, 2, 1, 7, 12],
    "play music": [5, 8],
}
X = pad_sequences(list(commands.values()), padding="post", maxlen=LIMIT)
y = np.array([0, 1, 2])
print(X.shape)

model = Sequential()
model.add(Dense(8, activation="relu", input_shape=(LIMIT,)))
model.add(Dense(3, activation="softmax"))
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(X, y, epochs=1, verbose=0)
