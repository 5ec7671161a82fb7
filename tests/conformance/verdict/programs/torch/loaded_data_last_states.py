import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

np.savez("/tmp/foreshape_loaded_states.npz", x=np.random.rand(12, 9, 3), y=np.random.randint(0, 2, 12))


class Reader(nn.Module):
    def __init__(self, features, hidden=16):
        super().__init__()
        self.rnn = nn.GRU(features, hidden, batch_first=True)
        self.top = nn.Linear(2 * hidden, 2)

    def forward(self, x):
        _, state = self.rnn(x)
        return self.top(state[-1])


held = np.load("/tmp/foreshape_loaded_states.npz")
x = torch.as_tensor(held["x"], dtype=torch.float32)
y = torch.as_tensor(held["y"], dtype=torch.long)
reader = Reader(x.shape[-1])
for one, label in DataLoader(TensorDataset(x, y), batch_size=4):
    loss = nn.functional.cross_entropy(reader(one), label)
