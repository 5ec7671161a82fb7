import numpy as np
import pandas as pd

rng = np.random.default_rng(8)
trips = pd.DataFrame({
    "vehicle": ["a"] * 12 + ["b"] * 9 + ["c"] * 12,
    "speed": rng.random(33) * 120,
    "rpm": rng.random(33) * 4000,
})

sequences = []
for vehicle, group in trips.groupby("vehicle"):
    sequences.append(group[["speed", "rpm"]].to_numpy())

batch = np.stack(sequences)
print(batch.shape)
