import torch
from torch import nn

WINDOW, N_FEATURES = 30, 5

model = nn.Sequential(
    nn.Linear(N_FEATURES, 16),
    nn.ReLU(),
    nn.LSTM(16, 32, batch_first=True),
    nn.Linear(32, 1),
)
batch = torch.rand(10, WINDOW, N_FEATURES)
print(model(batch).shape)
