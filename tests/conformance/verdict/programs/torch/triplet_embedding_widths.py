import torch
import torch.nn as nn


class Branch(nn.Module):
    def __init__(self, n_in, widths):
        super().__init__()
        sizes = [n_in, *widths]
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))

    def forward(self, x):
        for i, layer in enumerate(self.layers):
            x = layer(x)
            if i + 1 < len(self.layers):
                x = torch.relu(x)
        return nn.functional.normalize(x, dim=-1)


text = Branch(300, [128, 64])
image = Branch(512, [256, 128])
t, i = text(torch.randn(20, 300)), image(torch.randn(20, 512))
loss = nn.CosineEmbeddingLoss()(t, i, torch.ones(20))
print(loss)
