import torch
import torch.nn as nn


def funnel(width, depth, n_out):
    layers = []
    for _ in range(depth):
        layers += [nn.Linear(width, width // 2), nn.ReLU()]
        width = width // 2
    return nn.Sequential(*layers, nn.Linear(width, n_out))


net = funnel(64, 3, 1)
print(net(torch.ones(5, 64)).shape)
