import torch
import torch.nn as nn

torch.manual_seed(3)
X = torch.rand(90, 7)
y = (X.sum(1) > 3.5).float()
weights = torch.where(y == 1, torch.tensor(2.0), torch.tensor(1.0))

clf = nn.Sequential(nn.Linear(7, 12), nn.ReLU(), nn.Linear(12, 1))
opt = torch.optim.Adam(clf.parameters())
loss_fn = nn.BCEWithLogitsLoss(reduction="none")

for epoch in range(5):
    opt.zero_grad()
    per_sample = loss_fn(clf(X).flatten(), y)
    loss = per_sample * weights
    loss.backward()
    opt.step()
print(loss)
