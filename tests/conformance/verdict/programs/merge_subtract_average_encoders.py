import numpy as np
from tensorflow.keras.layers import Input, LSTM, Bidirectional, Subtract, Dense
from tensorflow.keras.models import Model

question_a = Input(shape=(12, 8))
question_b = Input(shape=(12, 8))

left = Bidirectional(LSTM(10))(question_a)
right = LSTM(10)(question_b)
difference = Subtract()([left, right])
same = Dense(1, activation='sigmoid')(difference)

siamese = Model([question_a, question_b], same)
siamese.compile(loss='binary_crossentropy', optimizer='adam')
a = np.random.rand(18, 12, 8)
b = np.random.rand(18, 12, 8)
siamese.fit([a, b], np.random.randint(0, 2, 18), epochs=1, verbose=0)
