import numpy as np
import pandas as pd
from sklearn.preprocessing import LabelEncoder
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense, LSTM

moods = np.random.choice(["calm", "happy", "tense"], size=45)
audio = np.random.rand(45, 16, 5)

encoder = LabelEncoder()
encoder.fit(moods)
print(encoder.classes_)

model = Sequential([
    LSTM(8, input_shape=(16, 5)),
    Dense(3, activation="softmax"),
])
model.compile(loss="sparse_categorical_crossentropy", optimizer="adam")
model.fit(audio, encoder.transform(moods), epochs=1, verbose=0)
