import torch
import torch.nn as nn


class CaptionDecoder(nn.Module):
    """Words look at image regions (7 x 7 of 96 channels)."""

    def __init__(self, vocab=60, dim=64, region_dim=96, heads=4):
        super().__init__()
        self.words = nn.Embedding(vocab, dim)
        self.cross = nn.MultiheadAttention(dim, heads, kdim=region_dim, vdim=region_dim, batch_first=True)
        self.norm = nn.LayerNorm(dim)
        self.out = nn.Linear(dim, vocab)

    def forward(self, caption, feature_map):
        regions = feature_map.flatten(2).permute(0, 2, 1)
        q = self.words(caption)
        seen, weights = self.cross(q, regions, regions)
        return self.out(self.norm(q + seen)), weights


decoder = CaptionDecoder()
logits, where = decoder(torch.randint(60, (4, 12)), torch.randn(4, 96, 7, 7))
print(logits.shape, where.shape)
