import numpy as np
import torch
from sklearn.metrics import mean_absolute_error

x = torch.linspace(-3, 3, 200).unsqueeze(1)
y = x.pow(3) + 0.5 * torch.randn_like(x)

regressor = torch.nn.Sequential(torch.nn.Linear(1, 32), torch.nn.GELU(), torch.nn.Linear(32, 1))
optimiser = torch.optim.Adam(regressor.parameters(), lr=1e-2)
history = []
for it in range(30):
    prediction = regressor(x)
    loss = torch.mean((prediction - y) ** 2)
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    history.append(loss.item())

final = regressor(x)
fitted = final.detach().numpy().ravel()
truth = y.numpy().ravel()
print("MAE", mean_absolute_error(truth, fitted), "last loss", np.round(history[-1], 4))
