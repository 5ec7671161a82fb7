import random
from collections import deque, namedtuple

import torch
import torch.nn as nn
import torch.nn.functional as F

Transition = namedtuple("Transition", ("state", "action", "next_state", "reward"))


class ReplayMemory:
    def __init__(self, capacity):
        self.memory = deque([], maxlen=capacity)

    def push(self, *args):
        self.memory.append(Transition(*args))

    def sample(self, batch_size):
        return random.sample(self.memory, batch_size)

    def __len__(self):
        return len(self.memory)


class DQN(nn.Module):
    def __init__(self, n_observations, n_actions):
        super().__init__()
        self.layer1 = nn.Linear(n_observations, 32)
        self.layer2 = nn.Linear(32, n_actions)

    def forward(self, x):
        x = F.relu(self.layer1(x))
        return self.layer2(x)


BATCH_SIZE, GAMMA = 16, 0.99
policy_net, target_net = DQN(4, 2), DQN(4, 2)
target_net.load_state_dict(policy_net.state_dict())
memory = ReplayMemory(100)
state = torch.randn(1, 4)
for t in range(40):
    with torch.no_grad():
        action = policy_net(state).max(1).indices.view(1, 1)
    next_state = torch.randn(1, 4)
    reward = torch.tensor([1.0])
    memory.push(state, action, next_state, reward)
    state = next_state

transitions = memory.sample(BATCH_SIZE)
batch = Transition(*zip(*transitions))
state_batch = torch.cat(batch.state)
action_batch = torch.cat(batch.action)
reward_batch = torch.cat(batch.reward)
next_batch = torch.cat(batch.next_state)
state_action_values = policy_net(state_batch).gather(1, action_batch)
with torch.no_grad():
    next_state_values = target_net(next_batch).max(1).values
expected = next_state_values * GAMMA + reward_batch
loss = nn.SmoothL1Loss()(state_action_values, expected.unsqueeze(1))
loss.backward()
for key, value in policy_net.state_dict().items():
    blended = value * 0.005 + target_net.state_dict()[key] * 0.995
