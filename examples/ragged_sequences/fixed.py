# Gesture recordings have different lengths. Pad them to the longest one and mask the padding.
import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import LSTM, Dense, Masking
from tensorflow.keras.models import Sequential

PAD = -10.0
N_SENSORS = 3
N_CLASSES = 4

rng = np.random.default_rng(42)
lengths = [12, 7, 20, 15, 9, 20, 11, 18]
recordings = [rng.normal(size=(length, N_SENSORS)).astype("float32") for length in lengths]
gestures = np.array([0, 1, 2, 3, 0, 1, 2, 3])

longest = max(len(r) for r in recordings)

# fill a block of padding row by row
X = np.full((len(recordings), longest, N_SENSORS), PAD, dtype="float32")
for i, recording in enumerate(recordings):
    X[i, :len(recording)] = recording

y = tf.keras.utils.to_categorical(gestures, num_classes=N_CLASSES)

model = Sequential()
model.add(Masking(mask_value=PAD, input_shape=(longest, N_SENSORS)))
model.add(LSTM(16))
model.add(Dense(N_CLASSES, activation="softmax"))
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
model.fit(X, y, epochs=2, batch_size=4, verbose=0)

probabilities = model.predict(X, verbose=0)
guess = np.argmax(probabilities, axis=1)
print("accuracy:", (guess == gestures).mean())
