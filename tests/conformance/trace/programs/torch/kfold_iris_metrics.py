import numpy as np
import torch
from sklearn.datasets import load_iris
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler

iris = load_iris()
X, y = iris.data.astype(np.float32), iris.target
folds = StratifiedKFold(n_splits=5, shuffle=True, random_state=0)
scores = []
for fold, (train_idx, val_idx) in enumerate(folds.split(X, y)):
    scaler = StandardScaler()
    x_train = torch.tensor(scaler.fit_transform(X[train_idx]))
    x_val = torch.tensor(scaler.transform(X[val_idx]))
    y_train = torch.from_numpy(y[train_idx])
    y_val = torch.from_numpy(y[val_idx])
    net = torch.nn.Sequential(torch.nn.Linear(4, 16), torch.nn.ReLU(), torch.nn.Linear(16, 3))
    opt = torch.optim.Adam(net.parameters(), lr=0.05)
    for _ in range(5):
        logits = net(x_train)
        loss = torch.nn.functional.cross_entropy(logits, y_train)
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        val_logits = net(x_val)
        val_pred = val_logits.argmax(1)
        acc = (val_pred == y_val).float().mean().item()
    scores.append(acc)
table = np.array(scores)
best = int(table.argmax())
print(best, table.mean())
