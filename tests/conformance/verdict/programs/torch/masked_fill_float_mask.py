import torch
import torch.nn.functional as F


def masked_softmax(scores, lengths):
    mask = torch.zeros_like(scores)
    for row, length in enumerate(lengths):
        mask[row, :, length:] = 1
    return F.softmax(scores.masked_fill(mask, float("-inf")), dim=-1)


scores = torch.randn(3, 5, 7)
weights = masked_softmax(scores, [7, 4, 2])
print(weights.sum(-1))
