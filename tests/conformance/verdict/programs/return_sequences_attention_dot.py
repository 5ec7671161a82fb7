import tensorflow as tf
import numpy as np
from tensorflow.keras.layers import Input, Embedding, LSTM, Dense, Dot, Activation, Concatenate

SRC_LEN, TGT_LEN = 9, 7
src_vocab, tgt_vocab = 60, 50

enc_in = Input(shape=(SRC_LEN,), name="source")
enc = Embedding(src_vocab, 8)(enc_in)
enc_seq, h, c = LSTM(12, return_sequences=True, return_state=True)(enc)

dec_in = Input(shape=(TGT_LEN,), name="target")
dec = Embedding(tgt_vocab, 8)(dec_in)
dec_seq = LSTM(12)(dec, initial_state=[h, c])

# Luong attention
score = Dot(axes=[2, 2])([dec_seq, enc_seq])
weights = Activation("softmax")(score)
context = Dot(axes=[2, 1])([weights, enc_seq])
merged = Concatenate()([context, dec_seq])
words = Dense(tgt_vocab, activation="softmax")(merged)

model = tf.keras.Model([enc_in, dec_in], words)
model.compile("rmsprop", "sparse_categorical_crossentropy")
source = np.random.randint(0, src_vocab, (20, SRC_LEN))
target = np.random.randint(0, tgt_vocab, (20, TGT_LEN))
model.fit([source, target], target, epochs=1, verbose=0)
