from collections import OrderedDict

import torch
from torch import nn

model = nn.Sequential(OrderedDict([
    ("embed", nn.Embedding(500, 24)),
    ("flatten", nn.Flatten()),
    ("hidden", nn.Linear(24 * 15, 32)),
    ("act", nn.Tanh()),
    ("out", nn.Linear(32, 2)),
]))
comments = torch.randint(500, (40, 15))
probabilities = model(comments).softmax(dim=1)
print(probabilities[:, 1].mean().item())
