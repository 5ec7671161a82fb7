import torch
import torch.nn as nn

batch, length, dim, heads = 6, 14, 32, 4
tokens = torch.randint(1, 90, (batch, length))
tokens[2, 9:] = 0
tokens[4, 5:] = 0

embed = nn.Embedding(90, dim, padding_idx=0)
mha = nn.MultiheadAttention(dim, heads, batch_first=True)

x = embed(tokens)
padding = tokens == 0
out, weights = mha(x, x, x, key_padding_mask=padding.T)
pooled = out.masked_fill(padding.unsqueeze(-1), 0).sum(dim=1) / (~padding).sum(dim=1, keepdim=True)
print(out.shape, weights.shape, pooled.shape)
