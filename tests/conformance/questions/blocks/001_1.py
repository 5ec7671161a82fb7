import tensorflow as tf
from tensorflow.keras.layers import Conv2D, MaxPooling2D, Flatten, LSTM, Dense, Reshape
from tensorflow.keras.models import Sequential

model = Sequential([
    Conv2D(32, (3, 3), activation='relu', input_shape=(28, 28, 1)),
    MaxPooling2D((2, 2)),
    Conv2D(64, (3, 3), activation='relu'),
    MaxPooling2D((2, 2)),
    Flatten(),  # Incorrect: Flattens the spatial dimensions
    LSTM(128),  # LSTM expects a 3D tensor, not a 2D one
    Dense(10, activation='softmax')
])

# Generate dummy input for illustration
dummy_input = tf.random.normal(shape=(32, 28, 28, 1))

# This will cause an IndexError
try:
  output = model(dummy_input)
  print("Model ran without error.") # This will likely not be printed.
except Exception as e:
    print(f"An error occured: {e}")
