import torch
from torch import nn
from torch.optim.lr_scheduler import StepLR

model = nn.Linear(5, 2)
params = model.parameters
optimizer = torch.optim.Adam(params, lr=0.01)
scheduler = StepLR(optimizer, step_size=2, gamma=0.5)
x, y = torch.randn(16, 5), torch.randn(16, 2)
for epoch in range(4):
    optimizer.zero_grad()
    loss = nn.MSELoss()(model(x), y)
    loss.backward()
    optimizer.step()
    scheduler.step()
    print(epoch, scheduler.get_last_lr()[0], loss.item())
