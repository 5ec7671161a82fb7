import numpy as np

# triangular neighbourhood of every station
n = 6
neighbours = [[abs(i - j) for j in range(i + 1)] for i in range(n)]
matrix = np.array(neighbours, dtype=float)
print(matrix.shape)
