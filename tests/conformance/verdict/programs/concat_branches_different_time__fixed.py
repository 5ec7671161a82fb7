import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Input, Conv1D, MaxPooling1D, Concatenate, GlobalAveragePooling1D, Dense

# inception-like block: several kernel sizes over the same window
window = Input(shape=(50, 4), name="window")
branches = []
for kernel in (1, 3, 5):
    b = Conv1D(6, kernel, activation="relu", padding="same")(window)
    branches.append(b)
branches.append(MaxPooling1D(3, strides=1, padding="same")(window))

merged = Concatenate(axis=-1)(branches)
pooled = GlobalAveragePooling1D()(merged)
gesture = Dense(4, activation="softmax")(pooled)

model = tf.keras.Model(window, gesture)
model.compile(loss="sparse_categorical_crossentropy", optimizer="adam")
model.fit(np.random.rand(20, 50, 4), np.random.randint(0, 4, 20), epochs=1, verbose=0)
