import torch
from torch import nn, optim

classifier = nn.Sequential(nn.Linear(30, 16), nn.ReLU(), nn.Linear(16, 1), nn.Sigmoid())
optimizer = optim.AdamW(classifier, lr=1e-3, weight_decay=0.01)
x, y = torch.randn(64, 30), torch.randint(0, 2, (64, 1)).float()
for _ in range(3):
    optimizer.zero_grad()
    loss = nn.functional.binary_cross_entropy(classifier(x), y)
    loss.backward()
    optimizer.step()
print(loss.item())
