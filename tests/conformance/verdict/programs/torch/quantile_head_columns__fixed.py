import torch
from torch import nn

QUANTILES = [0.1, 0.5, 0.9]


class QuantileLoss(nn.Module):
    def __init__(self, quantiles):
        super().__init__()
        self.quantiles = quantiles

    def forward(self, preds, target):
        losses = []
        for i, q in enumerate(self.quantiles):
            errors = target - preds[:, i]
            losses.append(torch.max((q - 1) * errors, q * errors).unsqueeze(1))
        return torch.mean(torch.sum(torch.cat(losses, dim=1), dim=1))


model = nn.Sequential(
    nn.Linear(14, 32),
    nn.Softplus(),
    nn.Linear(32, len(QUANTILES)),
)
x = torch.randn(70, 14)
y = x.sum(1) + torch.randn(70)
loss = QuantileLoss(QUANTILES)(model(x), y)
loss.backward()
print(loss.item())
