import torch
import torch.nn as nn


class PINN(nn.Module):
    """u(x, t) of the heat equation."""

    def __init__(self, width=20):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(2, width), nn.Tanh(), nn.Linear(width, width), nn.Tanh(), nn.Linear(width, 1))

    def forward(self, x, t):
        return self.net(torch.cat([x, t], dim=1))


x = torch.linspace(0, 1, 40).view(-1, 1).requires_grad_()
t = torch.linspace(0, 0.5, 20).view(-1, 1).requires_grad_()
model = PINN()
u = model(x, t)
u_t = torch.autograd.grad(u, t, torch.ones_like(u), create_graph=True)[0]
u_x = torch.autograd.grad(u, x, torch.ones_like(u), create_graph=True)[0]
u_xx = torch.autograd.grad(u_x, x, torch.ones_like(u_x), create_graph=True)[0]
residual = (u_t - 0.1 * u_xx).pow(2).mean()
residual.backward()
print(residual.item())
