import torch

labels = torch.tensor([2.0, 0.0, 1.0, 2.0])
smooth = torch.full((4, 3), 0.05)
index = labels.long().unsqueeze(1)
smooth.scatter_(1, index, 0.9)
print(smooth.sum(1))
