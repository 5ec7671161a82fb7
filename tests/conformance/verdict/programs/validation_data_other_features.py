import numpy as np
from tensorflow.keras import Sequential
from tensorflow.keras.layers import LSTM, Dense

N_TRAIN, N_VAL, STEPS = 80, 20, 10
# the validation logger recorded one sensor less
train_x = np.random.rand(N_TRAIN, STEPS, 4)
val_x = np.random.rand(N_VAL, STEPS, 3)
train_y = np.random.rand(N_TRAIN, 1)
val_y = np.random.rand(N_VAL, 1)

model = Sequential([LSTM(8, input_shape=(STEPS, 4)), Dense(1)])
model.compile(optimizer='adam', loss='mse')
history = model.fit(
    train_x, train_y,
    validation_data=(val_x, val_y),
    epochs=1,
    batch_size=16,
    verbose=0,
)
print(history.history['val_loss'])
