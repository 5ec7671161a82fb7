import torch

ratings = torch.tensor([[5, 3, 0, 1], [4, 0, 0, 1], [1, 1, 0, 5], [0, 1, 5, 4]])
observed = ratings > 0
user_mean = ratings.mean(dim=1, keepdim=True)
centred = torch.where(observed, ratings - user_mean, torch.zeros(()))
norms = centred.norm(dim=1, keepdim=True)
similarity = (centred @ centred.T) / (norms @ norms.T)
print(similarity.round(decimals=2))
