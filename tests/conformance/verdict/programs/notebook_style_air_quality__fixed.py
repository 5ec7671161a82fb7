# %% [markdown]
# # Air quality: the next six hours of NO2

# %%
import numpy as np
import pandas as pd
import tensorflow as tf

# %%
n = 300
df = pd.DataFrame({
    "no2": 40 + 10 * np.sin(np.arange(n) / 6) + np.random.randn(n),
    "o3": 60 - 8 * np.sin(np.arange(n) / 6) + np.random.randn(n),
    "wind": np.abs(np.random.randn(n)) * 3,
})
df.describe()

# %%
df["hour"] = np.arange(n) % 24
mu, sd = df.mean(), df.std()
norm = (df - mu) / sd
norm.head()

# %%
HISTORY, HORIZON, N_FEATURES = 24, 6, df.shape[1]
vals = norm.values
X = np.stack([vals[t:t + HISTORY] for t in range(n - HISTORY - HORIZON)])
Y = np.stack([vals[t + HISTORY:t + HISTORY + HORIZON, 0] for t in range(n - HISTORY - HORIZON)])
X.shape, Y.shape

# %%
model = tf.keras.Sequential([
    tf.keras.layers.Input(shape=(HISTORY, N_FEATURES)),
    tf.keras.layers.LSTM(12),
    tf.keras.layers.Dense(HORIZON),
])
model.compile(optimizer="adam", loss="mse")

# %%
history = model.fit(X, Y, epochs=1, batch_size=64, verbose=0)
