import torch
from torch import nn
from torch.distributions import Categorical, Normal

policy = nn.Sequential(nn.Linear(3, 16), nn.Tanh(), nn.Linear(16, 4))
optimizer = torch.optim.Adam(policy.parameters(), lr=1e-2)
gamma = 0.9
for episode in range(2):
    log_probs, rewards = [], []
    observation = torch.zeros(3)
    for step in range(12):
        logits = policy(observation)
        dist = Categorical(logits=logits)
        action = dist.sample()
        log_prob = dist.log_prob(action)
        log_probs.append(log_prob)
        rewards.append(1.0 if action.item() == 2 else 0.0)
        observation = 0.9 * observation + 0.1 * torch.randn(3)
    returns, g = [], 0.0
    for r in reversed(rewards):
        g = r + gamma * g
        returns.insert(0, g)
    returns = torch.tensor(returns)
    advantage = (returns - returns.mean()) / (returns.std() + 1e-8)
    logps = torch.stack(log_probs)
    loss = -(logps * advantage).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
observations = torch.randn(20, 3)
batch_dist = Categorical(logits=policy(observations))
actions = batch_dist.sample()
entropy = batch_dist.entropy()
probs = batch_dist.probs
normal = Normal(torch.zeros(20, 2), torch.ones(20, 2))
noise = normal.rsample()
density = normal.log_prob(noise).sum(-1)
