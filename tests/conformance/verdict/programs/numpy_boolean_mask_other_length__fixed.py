import numpy as np
import pandas as pd

df = pd.DataFrame({"temp": np.random.randn(80) * 5 + 20, "hum": np.random.rand(80)})
values = df.to_numpy()

T = 8
X = np.stack([values[i:i + T] for i in range(len(values) - T)])

# drop windows that start in a heat wave
hot = df["temp"].values[:len(X)] > 25
X_clean = X[~hot]
print(X_clean.shape)
