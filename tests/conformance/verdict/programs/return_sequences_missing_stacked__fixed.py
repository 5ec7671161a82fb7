import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import LSTM, Dense, Dropout

# melody generation: predict the next note from 32 notes
n_vocab = 40
notes = np.random.randint(0, n_vocab, 600)
sequence_length = 32

network_input, network_output = [], []
for i in range(0, len(notes) - sequence_length, 4):
    network_input.append(notes[i:i + sequence_length])
    network_output.append(notes[i + sequence_length])
n_patterns = len(network_input)
network_input = np.reshape(network_input, (n_patterns, sequence_length, 1)) / float(n_vocab)
network_output = np.eye(n_vocab)[network_output]

model = Sequential()
model.add(LSTM(16, input_shape=(network_input.shape[1], network_input.shape[2]), return_sequences=True))
model.add(Dropout(0.3))
model.add(LSTM(16, return_sequences=True))
model.add(Dropout(0.3))
model.add(LSTM(16))
model.add(Dense(n_vocab, activation='softmax'))
model.compile(loss='categorical_crossentropy', optimizer='rmsprop')
model.fit(network_input, network_output, epochs=1, batch_size=32, verbose=0)
