import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Input, LSTM, Dense, Embedding

ENC_UNITS, DEC_UNITS = 32, 24
src_tokens, tgt_tokens = 70, 65

encoder_inputs = Input(shape=(None,))
x = Embedding(src_tokens, 10)(encoder_inputs)
_, state_h, state_c = LSTM(ENC_UNITS, return_state=True)(x)
encoder_states = [state_h, state_c]

decoder_inputs = Input(shape=(None,))
x = Embedding(tgt_tokens, 10)(decoder_inputs)
x = LSTM(DEC_UNITS, return_sequences=True)(x, initial_state=encoder_states)
decoder_outputs = Dense(tgt_tokens, activation="softmax")(x)

model = tf.keras.Model([encoder_inputs, decoder_inputs], decoder_outputs)
model.compile(optimizer="rmsprop", loss="sparse_categorical_crossentropy")
src = np.random.randint(0, src_tokens, (16, 9))
tgt = np.random.randint(0, tgt_tokens, (16, 11))
model.fit([src, tgt], tgt, epochs=1, verbose=0)
