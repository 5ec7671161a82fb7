# torch=2: A column against a row in the loss (nothing raises, but there is a warning)
import torch
from torch import nn

x = torch.rand(64, 10)
y = torch.rand(64)

model = nn.Linear(10, 1)
loss_fn = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for _ in range(3):
    prediction = model(x)
    loss = loss_fn(prediction, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(loss.shape)
