import torch
from torch import nn

WINDOW, N_FEATURES = 30, 5

model = nn.Sequential(
    nn.Linear(N_FEATURES, 16),
    nn.ReLU(),
    nn.Flatten(),
    nn.Linear(16 * WINDOW, 1),
)
batch = torch.rand(10, WINDOW, N_FEATURES)
print(model(batch).shape)
