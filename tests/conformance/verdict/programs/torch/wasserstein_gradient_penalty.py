import torch
from torch import nn, autograd


def gradient_penalty(critic, real, fake):
    batch = real.size(0)
    eps = torch.rand(batch)
    mixed = (eps * real + (1 - eps) * fake).requires_grad_(True)
    score = critic(mixed)
    grads = autograd.grad(outputs=score, inputs=mixed, grad_outputs=torch.ones_like(score),
                          create_graph=True, retain_graph=True)[0]
    return ((grads.norm(2, dim=1) - 1) ** 2).mean()


critic = nn.Sequential(nn.Linear(10, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1))
generator = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 10))
real = torch.randn(64, 10) * 0.5 + 1
fake = generator(torch.randn(64, 4)).detach()
loss = critic(fake).mean() - critic(real).mean() + 10 * gradient_penalty(critic, real, fake)
loss.backward()
print(loss.item())
