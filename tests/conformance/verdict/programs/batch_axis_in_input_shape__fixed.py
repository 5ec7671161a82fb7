import numpy as np
from tensorflow.keras.layers import Input, GRU, Dense
from tensorflow.keras.models import Model

n_samples, n_steps, n_features = 60, 12, 4

sensor_data = np.random.normal(size=(n_samples, n_steps, n_features))
fault = np.random.randint(0, 2, size=(n_samples, 1))

inp = Input(shape=(n_steps, n_features))
hidden = GRU(16)(inp)
prob = Dense(1, activation='sigmoid')(hidden)

model = Model(inputs=inp, outputs=prob)
model.compile(optimizer='rmsprop', loss='binary_crossentropy')
model.fit(sensor_data, fault, batch_size=20, epochs=1, verbose=0)
