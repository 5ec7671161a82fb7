# %% [markdown]
# Sunspots, version 3

# %%
import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import SimpleRNN, Dense

# %%
spots = np.abs(np.random.randn(240)).cumsum()
n_in = 24
X = np.array([spots[k:k + n_in] for k in range(len(spots) - n_in)])
y = spots[n_in:]

# %%
X = X.T[..., None]
X.shape

# %%
model = Sequential([SimpleRNN(8, input_shape=(None, 1)), Dense(1)])
model.compile("adam", "mse")

# %%
model.fit(X, y, epochs=1, verbose=0)
