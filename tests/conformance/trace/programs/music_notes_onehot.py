import numpy as np
from tensorflow.keras.layers import LSTM, Activation, BatchNormalization as BatchNorm, Dense, Dropout
from tensorflow.keras.models import Sequential
from tensorflow.keras.utils import to_categorical

melody = "C4 E4 G4 C5 B4 G4 E4 C4 D4 F4 A4 D5 C5 A4 F4 D4".split() * 4
pitchnames = sorted(set(item for item in melody))
n_vocab = len(pitchnames)
note_to_int = dict((note, number) for number, note in enumerate(pitchnames))
sequence_length = 10

network_input = []
network_output = []
for i in range(0, len(melody) - sequence_length, 1):
    sequence_in = melody[i:i + sequence_length]
    sequence_out = melody[i + sequence_length]
    network_input.append([note_to_int[char] for char in sequence_in])
    network_output.append(note_to_int[sequence_out])

n_patterns = len(network_input)
normalized = np.reshape(network_input, (n_patterns, sequence_length, 1))
normalized = normalized / float(n_vocab)
network_output = to_categorical(network_output)

model = Sequential()
model.add(LSTM(16, input_shape=(normalized.shape[1], normalized.shape[2]), recurrent_dropout=0.1, return_sequences=True))
model.add(LSTM(16, return_sequences=True))
model.add(LSTM(16))
model.add(BatchNorm())
model.add(Dropout(0.3))
model.add(Dense(16))
model.add(Activation('relu'))
model.add(Dense(n_vocab))
model.add(Activation('softmax'))
model.compile(loss='categorical_crossentropy', optimizer='rmsprop')
model.fit(normalized, network_output, epochs=1, batch_size=16, verbose=0)

start = np.random.randint(0, len(network_input) - 1)
pattern = network_input[start]
prediction_output = []
for note_index in range(3):
    prediction_input = np.reshape(pattern, (1, len(pattern), 1))
    prediction_input = prediction_input / float(n_vocab)
    prediction = model.predict(prediction_input, verbose=0)
    index = np.argmax(prediction)
    prediction_output.append(pitchnames[index])
    pattern = pattern[1:] + [int(index)]

counts = np.zeros((n_vocab, n_vocab))
for a, b in zip(melody[:-1], melody[1:]):
    counts[note_to_int[a], note_to_int[b]] += 1
transition = counts / counts.sum(axis=1, keepdims=True)
steady = np.linalg.matrix_power(transition, 20)[0]
most_likely = transition.argmax(axis=1)
print(prediction_output, steady.sum(), most_likely)
