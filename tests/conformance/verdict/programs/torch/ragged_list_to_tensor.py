import torch
from torch import nn

tokenised = [[4, 8, 15], [16, 23], [42, 4, 8, 15], [16]]
PAD = 0


def to_batch(rows):
    return torch.tensor(rows)


lookup = nn.Embedding(50, 6, padding_idx=PAD)
ids = to_batch(tokenised)
print(lookup(ids).sum(dim=1).shape)
