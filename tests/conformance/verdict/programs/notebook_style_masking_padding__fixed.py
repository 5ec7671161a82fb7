# In[1]
import numpy as np
import tensorflow as tf
from tensorflow.keras.preprocessing.sequence import pad_sequences

# In[2]
# strokes of a pen: (dx, dy, down)
strokes = [np.random.rand(n, 3) for n in (12, 30, 21, 18)]
letters = np.array([0, 1, 2, 1])

# In[3]
padded = pad_sequences(strokes, padding="post", maxlen=25, dtype="float32")
padded.shape

# In[4]
model = tf.keras.Sequential([
    tf.keras.layers.Masking(input_shape=(25, 3)),
    tf.keras.layers.LSTM(8, return_sequences=True),
    tf.keras.layers.Reshape((25 * 8,)),
    tf.keras.layers.Dense(3, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy")

# In[5]
model.fit(padded, letters, epochs=1, verbose=0)
