import torch
from torch import nn

teacher = nn.Linear(7, 3)
student = nn.Linear(7, 3)
optimizer = torch.optim.SGD(student.parameters(), lr=0.1)
for step in range(3):
    x = torch.randn(20, 7)
    with torch.no_grad():
        target = teacher(x)
        output = student(x)
    loss = nn.functional.mse_loss(output, target)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(loss.item())
