import numpy as np
from tensorflow import keras

x = np.random.rand(96, 10, 2)
y = np.random.rand(96, 1)
batch = 32

model = keras.Sequential([keras.layers.GRU(4, input_shape=(10, 2)), keras.layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")

n_batches = len(x) // batch
for epoch in range(1):
    for b in range(n_batches):
        xb = x[b * batch:(b + 1) * batch]
        yb = y[b * batch:(b + 1) + batch]
        loss = model.train_on_batch(xb, yb)
    print(epoch, loss)
