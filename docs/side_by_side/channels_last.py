# torch=2: Pictures with their channels last
import numpy as np
import torch
from torch import nn

pictures = np.random.randint(0, 256, size=(16, 32, 32, 3), dtype=np.uint8)
x = torch.from_numpy(pictures).float() / 255

net = nn.Sequential(
    nn.Conv2d(3, 16, 3, padding=1),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(16 * 16 * 16, 10),
)
print(net(x).shape)
