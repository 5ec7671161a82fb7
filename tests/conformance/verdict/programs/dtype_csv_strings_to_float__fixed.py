import numpy as np

CSV = """2021-01-01,12.5,0.3
2021-01-02,11.8,
2021-01-03,13.1,0.0
2021-01-04,12.9,1.2"""

rows = []
for line in CSV.splitlines():
    date, temp, rain = line.split(",")
    rows.append([temp, rain or "0"])

table = np.array(rows)
print(table.dtype, table.shape)
data = table.astype("float32")

mean = data.mean(axis=0)
std = data.std(axis=0)
normalised = (data - mean) / std
X = normalised[np.newaxis, :, :]
print(X.shape)
