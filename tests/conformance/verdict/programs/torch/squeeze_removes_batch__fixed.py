import torch
import torch.nn as nn


class Critic(nn.Module):
    def __init__(self, obs_dim=4, act_dim=2):
        super().__init__()
        self.q = nn.Sequential(nn.Linear(obs_dim, 32), nn.Tanh(), nn.Linear(32, act_dim))

    def forward(self, obs):
        return self.q(obs)


class ReplayBuffer:
    def __init__(self):
        self.storage = []

    def push(self, s, a, r, s2, done):
        self.storage.append((s, a, r, s2, done))

    def sample(self):
        s, a, r, s2, d = zip(*self.storage)
        return (torch.stack(s), torch.tensor(a), torch.tensor(r), torch.stack(s2), torch.tensor(d, dtype=torch.float32))


buffer = ReplayBuffer()
state = torch.randn(4)
for step in range(40):
    nxt = torch.randn(4)
    buffer.push(state, step % 2, 1.0, nxt, step % 10 == 9)
    state = nxt

q_net, target_net = Critic(), Critic()
target_net.load_state_dict(q_net.state_dict())
optimizer = torch.optim.Adam(q_net.parameters(), lr=1e-3)
s, a, r, s2, done = buffer.sample()
q_sa = q_net(s).gather(1, a.unsqueeze(1)).squeeze(1)
with torch.no_grad():
    target = r + 0.99 * (1 - done) * target_net(s2).max(1).values
loss = nn.functional.smooth_l1_loss(q_sa, target)
optimizer.zero_grad()
loss.backward()
optimizer.step()
print(loss.item())
