import tensorflow as tf
from tensorflow.keras.layers import Conv2D, MaxPooling2D, LSTM, Dense, Reshape
from tensorflow.keras.models import Sequential

model = Sequential([
    Conv2D(32, (3, 3), activation='relu', input_shape=(28, 28, 1)),
    MaxPooling2D((2, 2)),
    Conv2D(64, (3, 3), activation='relu'),
    MaxPooling2D((2, 2)),
    # Reshape to make each row of the 7x7 feature map into time steps
    Reshape((-1, 7*7*64)), # -1 calculates batch_size implicitly, 7 is feature map height after conv/max pool
    LSTM(128),
    Dense(10, activation='softmax')
])


# Generate dummy input for illustration
dummy_input = tf.random.normal(shape=(32, 28, 28, 1))

# This will run without error
try:
  output = model(dummy_input)
  print("Model ran without error.")
except Exception as e:
    print(f"An error occured: {e}")
