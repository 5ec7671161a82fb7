import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

# part of speech tagging on toy data
MAX_LEN, N_WORDS, N_TAGS = 15, 120, 6

sentences = np.random.randint(1, N_WORDS, (50, MAX_LEN))
tags = np.random.randint(0, N_TAGS, (50, MAX_LEN, 1))

inputs = layers.Input(shape=(MAX_LEN,))
x = layers.Embedding(input_dim=N_WORDS, output_dim=10)(inputs)
x = layers.Bidirectional(layers.LSTM(8))(x)
x = layers.TimeDistributed(layers.Dense(N_TAGS, activation="softmax"))(x)
tagger = tf.keras.Model(inputs, x)
tagger.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
tagger.fit(sentences, tags, batch_size=16, epochs=1, verbose=0)
