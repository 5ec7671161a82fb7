import torch
import torch.nn.functional as F

torch.manual_seed(2)


def make_series(n, length, period=24):
    t = torch.arange(length, dtype=torch.float32)
    phase = torch.rand(n, 1) * period
    return torch.sin(2 * torch.pi * (t + phase) / period) + 0.1 * torch.randn(n, length)


def windows(x, size, step=1):
    return x.unfold(-1, size, step)


def forward(params, x):
    for i, (w, b) in enumerate(params):
        x = F.linear(x, w, b)
        if i < len(params) - 1:
            x = F.silu(x)
    return x


def init(sizes):
    return [
        (torch.randn(o, i).mul(i ** -0.5).requires_grad_(), torch.zeros(o, requires_grad=True))
        for i, o in zip(sizes, sizes[1:])
    ]


series = make_series(5, 200)
w = windows(series, 49)
x, y = w[..., :-1], w[..., -1]
x, y = x.reshape(-1, 48), y.reshape(-1)
params = init([48, 32, 16, 1])
leaves = [p for pair in params for p in pair]
for step in range(3):
    out = forward(params, x).squeeze(-1)
    loss = F.l1_loss(out, y)
    grads = torch.autograd.grad(loss, leaves)
    with torch.no_grad():
        for p, g in zip(leaves, grads):
            p -= 0.01 * g
residual = (out.detach() - y).abs().view(5, -1)
threshold = residual.mean(1, keepdim=True) + 3 * residual.std(1, keepdim=True)
flags = residual > threshold
per_series = flags.sum(dim=1)
smooth = F.avg_pool1d(residual.unsqueeze(1), 5, stride=1, padding=2).squeeze(1)
autocorr = torch.stack([(series[:, k:] * series[:, :200 - k]).mean(1) for k in (1, 12, 24)], dim=1)
spectrum = torch.fft.rfft(series, dim=-1).abs().pow(2)
main = spectrum[:, 1:].argmax(-1) + 1
