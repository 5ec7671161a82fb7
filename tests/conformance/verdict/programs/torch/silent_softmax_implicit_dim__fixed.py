import torch
import torch.nn.functional as F

scores = torch.randn(5, 7, 7)
weights = F.softmax(scores, dim=-1)
print(weights.sum(-1))
