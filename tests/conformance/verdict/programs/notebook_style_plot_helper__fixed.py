# %%
import numpy as np
import pandas as pd
from sklearn.preprocessing import MinMaxScaler
from tensorflow import keras

# %%
sales = pd.DataFrame({"units": np.random.poisson(30, 200)})
scaler = MinMaxScaler()
sales["scaled"] = scaler.fit_transform(sales[["units"]])

# %%
def to_supervised(col, lag):
    x = np.array([col[i:i + lag] for i in range(len(col) - lag)])
    return x[..., np.newaxis], col[lag:]

x, y = to_supervised(sales["scaled"].values, 14)

# %%
model = keras.Sequential([keras.layers.GRU(6, input_shape=(14, 1)), keras.layers.Dense(1)])
model.compile("adam", "mse")
model.fit(x, y, epochs=1, verbose=0)

# %%
pred = model.predict(x, verbose=0)
rmse = np.sqrt(np.mean((pred.ravel() - y) ** 2))
print(rmse)
