# In[1]:
import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import LSTM, Dense

# In[2]:
data = np.sin(np.linspace(0, 50, 520))
data = data.reshape(-1, 1)
data.shape

# In[3]:
seq_len = 40
data = np.array([data[i:i + seq_len] for i in range(len(data) - seq_len)])
data.shape

# In[4]:
# split into input and target
X = data[:, :-1]
y = data[:, -1]
print(X.shape, y.shape)

# In[5]:
X = X.reshape(X.shape[0], seq_len - 1, 1)

# In[6]:
model = Sequential()
model.add(LSTM(6, input_shape=(X.shape[1], 1)))
model.add(Dense(1))
model.compile(loss="mse", optimizer="adam")
model.fit(X, y, epochs=1, batch_size=128, verbose=0)
