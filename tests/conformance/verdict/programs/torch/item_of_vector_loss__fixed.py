import torch
from torch import nn

model = nn.Sequential(nn.Linear(8, 16), nn.SiLU(), nn.Linear(16, 3))
criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
running = 0.0
for step in range(4):
    x = torch.randn(10, 8)
    y = torch.randint(3, (10,))
    loss = criterion(model(x), y)
    running += loss.item()
print(running / 4)
