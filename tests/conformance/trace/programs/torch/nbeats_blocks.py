import torch
from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    def __init__(self, units, thetas_dim, backcast_length=10, forecast_length=5):
        super().__init__()
        self.backcast_length, self.forecast_length = backcast_length, forecast_length
        self.fc1 = nn.Linear(backcast_length, units)
        self.fc2 = nn.Linear(units, units)
        self.theta_b = nn.Linear(units, thetas_dim, bias=False)
        self.theta_f = nn.Linear(units, thetas_dim, bias=False)

    def forward(self, x):
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return x


class TrendBlock(Block):
    def forward(self, x):
        x = super().forward(x)
        tb, tf = self.theta_b(x), self.theta_f(x)
        backcast = tb @ basis(self.backcast_length, tb.size(1))
        forecast = tf @ basis(self.forecast_length, tf.size(1))
        return backcast, forecast


class GenericBlock(Block):
    def __init__(self, units, thetas_dim, backcast_length=10, forecast_length=5):
        super().__init__(units, thetas_dim, backcast_length, forecast_length)
        self.backcast_fc = nn.Linear(thetas_dim, backcast_length)
        self.forecast_fc = nn.Linear(thetas_dim, forecast_length)

    def forward(self, x):
        x = super().forward(x)
        return self.backcast_fc(self.theta_b(x)), self.forecast_fc(self.theta_f(x))


def basis(length, degree):
    t = torch.arange(length) / length
    return torch.stack([t ** i for i in range(degree)])


class NBeats(nn.Module):
    def __init__(self, stacks=(TrendBlock, GenericBlock), back=20, fore=6):
        super().__init__()
        self.fore = fore
        self.blocks = nn.ModuleList([kind(32, 4, back, fore) for kind in stacks for _ in range(2)])

    def forward(self, backcast):
        forecast = torch.zeros(backcast.size(0), self.fore)
        for block in self.blocks:
            b, f = block(backcast)
            backcast = backcast - b
            forecast = forecast + f
        return backcast, forecast


series = torch.randn(10, 100).cumsum(1)
history, future = series[:, 40:60], series[:, 60:66]
net = NBeats()
residual, forecast = net(history)
smape = 200 * ((forecast - future).abs() / (forecast.abs() + future.abs() + 1e-8)).mean()
smape.backward()
grads = [p.grad for p in net.parameters() if p.grad is not None]
biggest = max(g.abs().max().item() for g in grads)
