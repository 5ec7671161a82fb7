import numpy as np

stations = {"north": np.random.rand(40, 3), "south": np.random.rand(40, 3)}
wanted = ["north", "south", "south"]

blocks = []
for name in wanted:
    try:
        blocks.append(stations[name])
    except KeyError:
        blocks.append(np.zeros((40, 2)))

table = np.concatenate(blocks, axis=1)
X = np.array([table[i:i + 6] for i in range(len(table) - 6)])
print(X.reshape(len(X), 6, 9).shape)
