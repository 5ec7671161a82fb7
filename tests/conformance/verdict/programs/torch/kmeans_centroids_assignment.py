import torch
from sklearn.datasets import load_iris

data = torch.tensor(load_iris().data, dtype=torch.float32)
torch.manual_seed(1)
k = 3
centroids = data[torch.randperm(len(data))[:k]]
for it in range(5):
    distance = ((data - centroids) ** 2).sum(-1)
    assigned = distance.argmin(dim=1)
    centroids = torch.stack([data[assigned == c].mean(0) for c in range(k)])
print(centroids)
