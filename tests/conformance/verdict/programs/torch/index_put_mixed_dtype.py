import torch

n_states, n_actions = 16, 4
q_table = torch.zeros(n_states, n_actions)
returns = torch.zeros(n_states, n_actions, dtype=torch.float64)
visits = torch.zeros(n_states, n_actions, dtype=torch.long)

for episode in range(20):
    states = torch.randint(n_states, (8,))
    actions = torch.randint(n_actions, (8,))
    reward = torch.rand(8)
    gains = reward.flip(0).cumsum(0).flip(0)
    returns.index_put_((states, actions), gains, accumulate=True)
    visits.index_put_((states, actions), torch.ones(8, dtype=torch.long), accumulate=True)

q_table = (returns / visits.clamp(min=1)).float()
print(q_table.argmax(1).tolist())
