# only: keras=2
"""Older style: tensorflow.keras.backend, batch_input_shape, input_dim/input_length, TimeseriesGenerator."""
import numpy as np
from tensorflow.keras import backend as K
from tensorflow.keras.layers import Dense, Embedding, Flatten, GRU, Input, Lambda, LSTM, Masking, Conv1D, MaxPooling1D
from tensorflow.keras.models import Model, Sequential
from tensorflow.keras.preprocessing.sequence import TimeseriesGenerator
from tensorflow.keras.utils import to_categorical

series = np.array([[i, i ** 2 % 17] for i in range(80)], dtype=float)
targets = series[:, 0] / 80
n_input = 6
gen = TimeseriesGenerator(series, targets, length=n_input, batch_size=8)
x0, y0 = gen[0]
xl, yl = gen[len(gen) - 1]

model = Sequential()
model.add(GRU(7, input_shape=(n_input, 2)))
model.add(Dense(1))
model.compile(optimizer="adam", loss="mse")
model.fit(gen, epochs=1, verbose=0)
p = model.predict(gen, verbose=0)

emb = Sequential()
emb.add(Embedding(input_dim=12, output_dim=5, input_length=9))
emb.add(Conv1D(6, 2, activation="relu"))
emb.add(MaxPooling1D(2))
emb.add(Flatten())
emb.add(Dense(3, activation="softmax"))
emb.compile("rmsprop", "categorical_crossentropy")
words = np.random.randint(12, size=(21, 9))
kinds = to_categorical(np.random.randint(3, size=21))
emb.fit(words, kinds, verbose=0)
shape_after_conv = emb.layers[1].output_shape
flat_width = emb.layers[3].output_shape[1]
first_weights = emb.layers[1].get_weights()[0]

st = Sequential()
st.add(Masking(mask_value=0.0, batch_input_shape=(4, 5, 3)))
st.add(LSTM(6, stateful=True, return_sequences=True))
st.add(LSTM(6, stateful=True))
st.add(Dense(2))
st.compile(loss="mse", optimizer="sgd")
batch = np.random.rand(8, 5, 3)
st.fit(batch, np.random.rand(8, 2), batch_size=4, epochs=1, shuffle=False, verbose=0)
st.reset_states()
r = st.predict(batch, batch_size=4, verbose=0)

a = Input((6,))
b = Lambda(lambda z: K.expand_dims(z, -1))(a)
c = Lambda(lambda z: K.mean(z, axis=1))(b)
d = Lambda(lambda z: K.l2_normalize(z, axis=-1), output_shape=(6,))(a)
e = K.sum(d, axis=1)
net = Model(a, [c, d])
u, v = net.predict(np.ones((3, 6)), verbose=0)
k = K.variable(np.zeros((2, 4)))
kv = K.get_value(k)
print(x0.shape, xl.shape, p.shape, shape_after_conv, flat_width, r.shape, u.shape, v.shape, kv.shape, first_weights.shape)
