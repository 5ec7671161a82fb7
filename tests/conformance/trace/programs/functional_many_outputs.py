import numpy as np
import tensorflow as tf
from tensorflow.keras import Input, Model
from tensorflow.keras.layers import (
    Add, Average, Concatenate, Conv1D, Dense, Dot, Flatten, GlobalMaxPooling1D, LSTM, Maximum, Multiply, RepeatVector,
)

STEPS, CH, SITE = 18, 4, 3
np.random.seed(1)

series_in = Input(shape=(STEPS, CH), name="series")
site_in = Input(shape=(SITE,), name="site")

conv = Conv1D(8, 3, padding="valid", activation="relu")(series_in)
conv_same = Conv1D(8, 3, padding="same")(series_in)
pooled = GlobalMaxPooling1D()(conv)
code = LSTM(8)(conv_same)
total = Add()([pooled, code])
best = Maximum()([pooled, code])
gate = Multiply()([total, best])
mean = Average()([total, best, gate])
closeness = Dot(axes=1)([pooled, code])
site_code = Dense(8, activation="relu")(site_in)
repeated = RepeatVector(STEPS)(site_code)
enriched = Concatenate(axis=-1)([conv_same, repeated])
along_time = Concatenate(axis=1)([conv, conv_same])
flat = Flatten()(enriched)

risk = Dense(1, activation="sigmoid", name="risk")(Concatenate()([mean, closeness]))
kind = Dense(5, activation="softmax", name="kind")(flat)
rebuilt = Dense(CH, name="rebuilt")(enriched)

model = Model(inputs=[series_in, site_in], outputs=[risk, kind, rebuilt])
model.compile(
    optimizer="adam",
    loss={"risk": "binary_crossentropy", "kind": "sparse_categorical_crossentropy", "rebuilt": "mse"},
    loss_weights={"risk": 1.0, "kind": 0.5, "rebuilt": 0.1},
)

n = 24
series = np.random.normal(size=(n, STEPS, CH)).astype(np.float32)
site = np.eye(SITE)[np.random.randint(0, SITE, n)]
labels = {
    "risk": np.random.randint(0, 2, size=(n, 1)),
    "kind": np.random.randint(0, 5, size=n),
    "rebuilt": series,
}
model.fit({"series": series, "site": site}, labels, epochs=1, batch_size=8, verbose=0)
r, kd, rb = model.predict([series[:6], site[:6]], verbose=0)
top2 = np.argsort(kd, axis=1)[:, -2:]
residual = (rb - series[:6]).reshape(6, -1)
worst = residual.max(axis=1).argmax()
embedder = Model(series_in, pooled)
vectors = embedder.predict(series, verbose=0)
vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
sims = vectors.dot(vectors.T)
np.fill_diagonal(sims, -1)
nearest = sims.argmax(axis=0)
print(top2.shape, worst, nearest[:4], along_time.shape)
