from tensorflow.keras.layers import LSTM, Activation, Dense, Flatten, Input, Multiply, Permute, RepeatVector

sequence = Input(shape=(20, 6))
states = LSTM(8, return_sequences=True)(sequence)
weights = Activation("softmax")(Flatten()(Dense(1)(states)))
weights = RepeatVector(8)(weights)
weights = Permute((2, 1))(weights)
weighted = Multiply()([states, weights])
