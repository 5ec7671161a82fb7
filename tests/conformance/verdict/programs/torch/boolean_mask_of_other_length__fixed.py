import torch
from torch import nn

torch.manual_seed(5)
X = torch.randn(150, 4)
y = torch.randint(0, 3, (150,))
split = 120
X_train, X_test = X[:split], X[split:]
y_train, y_test = y[:split], y[split:]

model = nn.Linear(4, 3)
with torch.no_grad():
    pred = model(X_test).argmax(-1)
wrong = pred != y_test
mistakes = X_test[wrong]
print(len(mistakes), "mistakes")
