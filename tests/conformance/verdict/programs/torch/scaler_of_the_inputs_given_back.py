import numpy as np
import torch
from sklearn.preprocessing import StandardScaler
from torch import nn

table = np.random.rand(90, 4)
inputs, outputs = StandardScaler(), StandardScaler()
x = torch.tensor(inputs.fit_transform(table), dtype=torch.float32)
y = torch.tensor(outputs.fit_transform(table[:, :2]), dtype=torch.float32)
net = nn.Linear(4, 2)
loss = nn.functional.mse_loss(net(x), y)
loss.backward()
guess = inputs.inverse_transform(net(x).detach().numpy())
