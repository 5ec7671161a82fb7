import torch
from torch import nn

movies = torch.randn(30, 50)
genres = torch.randint(0, 2, (30, 8))
model = nn.Sequential(nn.Linear(50, 20), nn.ReLU(), nn.Linear(20, 8))
criterion = nn.BCEWithLogitsLoss()
loss = criterion(model(movies), genres)
loss.backward()
print(loss)
