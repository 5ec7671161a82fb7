import tensorflow as tf
from tensorflow.keras.layers import Conv1D, MaxPooling1D, LSTM, Dense, Reshape
from tensorflow.keras.models import Sequential

model = Sequential([
    # Reshape the 28x28 image to a 28-long sequence of 28-feature vectors, and add time dimension
    Reshape((28,28,1), input_shape=(28,28,1)),
    Conv1D(32, 3, activation='relu', padding='same'), # padding is important to keep time dim consistent
    MaxPooling1D(2, padding='same'),
    Conv1D(64, 3, activation='relu', padding='same'),
    MaxPooling1D(2, padding='same'),
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
