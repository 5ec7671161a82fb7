import torch
import torch.nn as nn
from collections import Counter

labels = torch.tensor([0] * 70 + [1] * 20 + [2] * 10)
counts = Counter(labels.tolist())
weights = torch.tensor([1.0 / counts[c] for c in (0, 1)])

features = torch.randn(100, 9)
model = nn.Linear(9, 3)
criterion = nn.CrossEntropyLoss(weight=weights / weights.sum())
perm = torch.randperm(100)
for chunk in perm.chunk(5):
    loss = criterion(model(features[chunk]), labels[chunk])
    loss.backward()
print(loss.item())
