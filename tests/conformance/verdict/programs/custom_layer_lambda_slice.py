import numpy as np
from tensorflow.keras.layers import Lambda, Input, Conv1D, LSTM, Dense, Multiply
from tensorflow.keras.models import Model

pixels = Input((60, 8))
conv = Conv1D(8, 3, padding="same", activation="relu")(pixels)
gate = Lambda(lambda t: t[:, :30, :])(conv)
gated = Multiply()([conv, gate])
h = LSTM(6)(gated)
out = Dense(1)(h)
model = Model(pixels, out)
model.compile(loss="mae", optimizer="adam")
model.fit(np.random.rand(12, 60, 8), np.random.rand(12), epochs=1, verbose=0)
