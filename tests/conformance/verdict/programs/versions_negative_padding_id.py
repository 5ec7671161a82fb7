import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

texts = [[3, 8, 2], [5, 1], [7]]
ids = np.full((3, 4), -1)
for row, words in enumerate(texts):
    ids[row, : len(words)] = words

model = keras.Sequential([keras.Input((4,)), layers.Embedding(10, 6), layers.GRU(8), layers.Dense(1)])
print(model.predict(ids, verbose=0).shape)
