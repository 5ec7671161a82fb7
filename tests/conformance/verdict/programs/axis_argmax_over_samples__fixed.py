import numpy as np
from tensorflow import keras

frames = np.random.rand(30, 12, 5).astype("float32")
phoneme = np.random.randint(0, 7, 30)

model = keras.Sequential([
    keras.layers.Input((12, 5)),
    keras.layers.LSTM(8),
    keras.layers.Dense(7, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(frames, phoneme, epochs=1, verbose=0)

predicted = np.argmax(model.predict(frames, verbose=0), axis=1)
confusion = np.zeros((7, 7), dtype=int)
for k in range(len(phoneme)):
    confusion[phoneme[k], predicted[k]] += 1
print(confusion)
