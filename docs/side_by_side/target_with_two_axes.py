# torch=2: Class numbers in a column
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

x = torch.rand(100, 20)
y = torch.randint(0, 4, (100, 1))
loader = DataLoader(TensorDataset(x, y), batch_size=32)

model = nn.Sequential(nn.Linear(20, 32), nn.ReLU(), nn.Linear(32, 4))
loss_fn = nn.CrossEntropyLoss()
for inputs, target in loader:
    loss = loss_fn(model(inputs), target)
    loss.backward()
