import numpy as np
from tensorflow.keras.layers import Concatenate, Dense, GRU, Input
from tensorflow.keras.models import Model, Sequential

words = Sequential([Input((20, 8)), GRU(6)])
clicks = Sequential([Input((5,)), Dense(6)])

first, second = Input((20, 8)), Input((5,))
both = Concatenate()([words(first), clicks(second)])
merged = Model([first, second], Dense(2, activation="softmax")(both))
merged.compile("adam", "sparse_categorical_crossentropy")
merged.fit([np.random.rand(12, 20, 8), np.random.rand(12, 5)], np.random.randint(0, 2, 12), verbose=0)
