import torch
import torch.nn as nn

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
model = nn.Sequential(nn.Linear(12, 32), nn.ReLU(), nn.Linear(32, 4)).to(device)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)

inputs = torch.randn(64, 12)
targets = torch.randint(0, 4, (64,))
for i in range(0, 64, 16):
    xb, yb = inputs[i:i + 16].to(device), targets[i:i + 16].to(device)
    optimizer.zero_grad()
    loss = criterion(model(xb), yb)
    loss.backward()
    optimizer.step()
print(loss.item())
