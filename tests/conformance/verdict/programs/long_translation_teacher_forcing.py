"""A small encoder-decoder on reversed digit strings, with separate inference models."""
import numpy as np
from tensorflow.keras.layers import Dense, Embedding, Input, LSTM
from tensorflow.keras.models import Model
from tensorflow.keras.utils import to_categorical

START, STOP, PAD = "<", ">", "_"
ALPHABET = PAD + START + STOP + "0123456789"
INDEX = {c: i for i, c in enumerate(ALPHABET)}
MAX_LEN = 8
LATENT = 24


def make_pairs(n, rng):
    pairs = []
    for _ in range(n):
        length = int(rng.integers(3, MAX_LEN - 1))
        digits = "".join(str(d) for d in rng.integers(0, 10, length))
        pairs.append((digits, START + digits[::-1] + STOP))
    return pairs


def encode(text, length):
    ids = [INDEX[c] for c in text]
    return ids + [INDEX[PAD]] * (length - len(ids))


rng = np.random.default_rng(0)
pairs = make_pairs(40, rng)
encoder_data = np.array([encode(src, MAX_LEN) for src, _ in pairs])
decoder_data = np.array([encode(tgt, MAX_LEN + 2) for _, tgt in pairs])
decoder_target = np.zeros_like(decoder_data)
decoder_target[:, :-1] = decoder_data[:, 1:]
decoder_target = to_categorical(decoder_target, len(ALPHABET))

# training model
encoder_inputs = Input(shape=(None,), name="encoder_inputs")
embedding = Embedding(len(ALPHABET), 12, name="shared_embedding")
encoder_lstm = LSTM(LATENT, return_state=True, name="encoder_lstm")
_, state_h, state_c = encoder_lstm(embedding(encoder_inputs))

decoder_inputs = Input(shape=(None,), name="decoder_inputs")
decoder_lstm = LSTM(LATENT, return_sequences=True, return_state=True, name="decoder_lstm")
decoder_outputs, _, _ = decoder_lstm(embedding(decoder_inputs), initial_state=[state_h, state_c])
softmax = Dense(len(ALPHABET), activation="softmax", name="softmax")
decoder_outputs = softmax(decoder_outputs)

training_model = Model([encoder_inputs, decoder_inputs], decoder_outputs)
training_model.compile(optimizer="rmsprop", loss="categorical_crossentropy")
training_model.fit([encoder_data, decoder_data], decoder_target, batch_size=20, epochs=1, verbose=0)

# inference models
encoder_model = Model(encoder_inputs, [state_h, state_c])
h_in, c_in = Input((LATENT,)), Input((LATENT,))
dec, h_out, c_out = decoder_lstm(embedding(decoder_inputs), initial_state=[h_in, c_in])
decoder_model = Model([decoder_inputs, h_in, c_in], [softmax(dec), h_out, c_out])


def translate(digits):
    states = encoder_model.predict(np.array([encode(digits, MAX_LEN)]), verbose=0)
    token = np.array([[INDEX[START]]])
    result = ""
    for _ in range(4):
        probs, states = decoder_model.predict([token] + list(states), verbose=0)
        best = int(np.argmax(probs[0, -1]))
        result += ALPHABET[best]
        token = np.array([[best]])
    return result


print(translate("123"))
