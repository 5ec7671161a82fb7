"""Encoder-decoder that learns to reverse strings of digits, with teacher forcing and a step-by-step decoder."""
import numpy as np
from tensorflow import keras
from tensorflow.keras.layers import Dense, Input, LSTM

num_tokens = 12          # digits, start, stop
START, STOP = 10, 11
latent_dim = 32
max_len = 6
n_samples = 64

rng = np.random.default_rng(3)
source = rng.integers(0, 10, size=(n_samples, max_len))
target = source[:, ::-1]

decoder_in = np.concatenate([np.full((n_samples, 1), START), target], axis=1)
decoder_out = np.concatenate([target, np.full((n_samples, 1), STOP)], axis=1)

eye = np.eye(num_tokens, dtype="float32")
encoder_input_data = eye[source]
decoder_input_data = eye[decoder_in]
decoder_target_data = eye[decoder_out]

# training model
encoder_inputs = Input(shape=(None, num_tokens))
encoder = LSTM(latent_dim, return_state=True)
encoder_outputs, state_h, state_c = encoder(encoder_inputs)
encoder_states = [state_h, state_c]

decoder_inputs = Input(shape=(None, num_tokens))
decoder_lstm = LSTM(latent_dim * 2, return_sequences=True, return_state=True)
decoder_outputs, _, _ = decoder_lstm(decoder_inputs, initial_state=encoder_states)
decoder_dense = Dense(num_tokens, activation="softmax")
decoder_outputs = decoder_dense(decoder_outputs)

model = keras.Model([encoder_inputs, decoder_inputs], decoder_outputs)
model.compile(optimizer="rmsprop", loss="categorical_crossentropy")
model.fit([encoder_input_data, decoder_input_data], decoder_target_data, batch_size=16, epochs=1, verbose=0)

# inference models
encoder_model = keras.Model(encoder_inputs, encoder_states)
in_h = Input(shape=(latent_dim,))
in_c = Input(shape=(latent_dim,))
step_outputs, step_h, step_c = decoder_lstm(decoder_inputs, initial_state=[in_h, in_c])
step_outputs = decoder_dense(step_outputs)
decoder_model = keras.Model([decoder_inputs, in_h, in_c], [step_outputs, step_h, step_c])


def decode(sequence):
    h, c = encoder_model.predict(sequence, verbose=0)
    token = eye[[START]][:, None, :]
    decoded = []
    for _ in range(max_len):
        probs, h, c = decoder_model.predict([token, h, c], verbose=0)
        index = int(np.argmax(probs[0, -1]))
        if index == STOP:
            break
        decoded.append(index)
        token = eye[[index]][:, None, :]
    return decoded


print(source[0], "->", decode(encoder_input_data[:1]))
