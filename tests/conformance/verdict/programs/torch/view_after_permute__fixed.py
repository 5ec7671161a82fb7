import torch
import torch.nn as nn


class MultiHeadSelfAttention(nn.Module):
    def __init__(self, embed_size, heads):
        super().__init__()
        self.heads = heads
        self.head_dim = embed_size // heads
        self.qkv = nn.Linear(embed_size, embed_size * 3, bias=False)
        self.fc_out = nn.Linear(embed_size, embed_size)

    def forward(self, x):
        b, t, e = x.size()
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        # (b, heads, t, head_dim)
        q = q.view(b, t, self.heads, self.head_dim).transpose(1, 2)
        k = k.view(b, t, self.heads, self.head_dim).transpose(1, 2)
        v = v.view(b, t, self.heads, self.head_dim).transpose(1, 2)
        energy = q @ k.transpose(-2, -1) / self.head_dim ** 0.5
        attention = energy.softmax(dim=-1)
        out = attention @ v
        out = out.transpose(1, 2).contiguous().view(b, t, e)
        return self.fc_out(out)


layer = MultiHeadSelfAttention(embed_size=48, heads=6)
y = layer(torch.rand(8, 15, 48))
print(y.shape)
