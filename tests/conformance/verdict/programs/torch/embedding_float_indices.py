import numpy as np
import torch
import torch.nn as nn


class MatrixFactorization(nn.Module):
    def __init__(self, n_users, n_items, n_factors=8):
        super().__init__()
        self.user_factors = nn.Embedding(n_users, n_factors)
        self.item_factors = nn.Embedding(n_items, n_factors)
        self.user_bias = nn.Embedding(n_users, 1)
        self.item_bias = nn.Embedding(n_items, 1)

    def forward(self, user, item):
        dot = (self.user_factors(user) * self.item_factors(item)).sum(1)
        return dot + self.user_bias(user).squeeze(1) + self.item_bias(item).squeeze(1)


# user, item, rating
ratings = np.array([[0, 3, 4.0], [1, 2, 5.0], [2, 0, 1.5], [3, 4, 3.5], [0, 1, 2.0], [2, 4, 4.5]])
table = torch.tensor(ratings, dtype=torch.float32)
users, items, stars = table[:, 0], table[:, 1], table[:, 2]
model = MatrixFactorization(n_users=4, n_items=5)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, weight_decay=1e-4)
for epoch in range(10):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(users, items), stars)
    loss.backward()
    optimizer.step()
print(loss.item())
