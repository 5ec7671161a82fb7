import torch
from torch import nn
from functools import partial


class Dynamics(nn.Module):
    def __init__(self, dim=2, width=16):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(dim + 1, width), nn.Tanh(), nn.Linear(width, dim))

    def forward(self, t, z):
        tt = t.expand(z.size(0), 1)
        return self.net(torch.cat([z, tt], dim=-1))


def rk4(f, t, z, h):
    k1 = f(t, z)
    k2 = f(t + h / 2, z + h / 2 * k1)
    k3 = f(t + h / 2, z + h / 2 * k2)
    k4 = f(t + h, z + h * k3)
    return z + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


def odeint(f, z0, ts, step=rk4):
    out = [z0]
    for t0, t1 in zip(ts[:-1], ts[1:]):
        z = step(f, t0, out[-1], t1 - t0)
        out.append(z)
    return torch.stack(out)


f = Dynamics()
ts = torch.linspace(0.0, 1.0, 6)
z0 = torch.randn(7, 2)
path = odeint(f, z0, ts)
target = torch.stack([z0 * torch.exp(-t) for t in ts])
loss = (path - target).square().mean()
gradients = torch.autograd.grad(loss, list(f.parameters()))
first = gradients[0]
speed = (path[1:] - path[:-1]) / (ts[1:] - ts[:-1]).view(-1, 1, 1)
energy = speed.norm(dim=-1).mean(dim=1)
scaled = partial(torch.mul, 2.0)
doubled = scaled(path)
final = path[-1]
jac = torch.autograd.functional.jacobian(lambda z: f(ts[0], z), z0)
