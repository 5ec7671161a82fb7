import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense, SimpleRNN

X_train = np.random.rand(50, 8, 2)
y_train = np.random.rand(50)

model = Sequential()
model.add(SimpleRNN(6, input_shape=(8, 2)))
model.add(Dense(1))
model.compile(optimizer='adam', loss='mse')
model.fit(X_train, y_train, epochs=1, verbose=0)

y_pred = model.predict(X_test)
print(y_pred.shape)
