"""Encoder and decoder for inference, sharing the layers of the training model."""
import numpy as np
from tensorflow.keras.layers import LSTM, Dense, Input
from tensorflow.keras.models import Model

pairs = [("hello", "olleh"), ("keras", "sarek"), ("shape", "epahs"), ("dog", "god")]
in_chars = sorted({c for a, _ in pairs for c in a})
out_chars = sorted({c for _, b in pairs for c in b} | {"\t", "\n"})
in_index = {c: i for i, c in enumerate(in_chars)}
out_index = {c: i for i, c in enumerate(out_chars)}
max_in = max(len(a) for a, _ in pairs)
max_out = max(len(b) for _, b in pairs) + 2
n_in, n_out = len(in_chars), len(out_chars)
enc_x = np.zeros((len(pairs), max_in, n_in), dtype="float32")
dec_x = np.zeros((len(pairs), max_out, n_out), dtype="float32")
dec_y = np.zeros((len(pairs), max_out, n_out), dtype="float32")
for i, (src, dst) in enumerate(pairs):
    for t, ch in enumerate(src):
        enc_x[i, t, in_index[ch]] = 1.0
    for t, ch in enumerate("\t" + dst + "\n"):
        dec_x[i, t, out_index[ch]] = 1.0
        if t > 0:
            dec_y[i, t - 1, out_index[ch]] = 1.0
latent = 24
encoder_inputs = Input(shape=(None, n_in))
_, state_h, state_c = LSTM(latent, return_state=True)(encoder_inputs)
states = [state_h, state_c]
decoder_inputs = Input(shape=(None, n_out))
decoder_lstm = LSTM(latent, return_sequences=True, return_state=True)
seq, _, _ = decoder_lstm(decoder_inputs, initial_state=states)
dense = Dense(n_out, activation="softmax")
decoder_outputs = dense(seq)
model = Model([encoder_inputs, decoder_inputs], decoder_outputs)
model.compile(optimizer="rmsprop", loss="categorical_crossentropy")
model.fit([enc_x, dec_x], dec_y, batch_size=2, epochs=1, verbose=0)
encoder_model = Model(encoder_inputs, states)
in_h, in_c = Input(shape=(latent,)), Input(shape=(latent,))
dec_seq, h2, c2 = decoder_lstm(decoder_inputs, initial_state=[in_h, in_c])
decoder_model = Model([decoder_inputs, in_h, in_c], [dense(dec_seq), h2, c2])


def decode(one):
    h, c = encoder_model.predict(one, verbose=0)
    target = np.zeros((1, 1, n_out), dtype="float32")
    target[0, 0, out_index["\t"]] = 1.0
    text = ""
    while len(text) < max_out:
        tokens, h, c = decoder_model.predict([target, h, c], verbose=0)
        k = int(np.argmax(tokens[0, -1, :]))
        text += out_chars[k]
        if out_chars[k] == "\n":
            break
        target = np.zeros((1, 1, n_out), dtype="float32")
        target[0, 0, k] = 1.0
    return text


decoded = [decode(enc_x[i:i + 1]) for i in range(2)]
print(seq.shape, dec_seq.shape, enc_x.shape, len(decoded))
