import torch
import torch.nn as nn

memory = torch.randn(14, 5, 24)
word = nn.Embedding(50, 8)(torch.randint(0, 50, (1, 5)))
weights = torch.rand(5, 1, 14).softmax(-1)
context = torch.bmm(weights, memory.transpose(0, 1))
step = torch.cat([word, context], dim=2)
decoder = nn.GRU(32, 24)
out, state = decoder(step)
scores = nn.Linear(24 + 24, 50)(torch.cat([out.squeeze(0), context.squeeze(0)], dim=1))
