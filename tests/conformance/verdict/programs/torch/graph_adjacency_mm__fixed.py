import torch
import torch.nn as nn
import torch.nn.functional as F


class GCNLayer(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(in_features, out_features))
        self.bias = nn.Parameter(torch.zeros(out_features))
        nn.init.xavier_uniform_(self.weight)

    def forward(self, x, adj):
        support = torch.mm(x, self.weight)
        output = torch.mm(adj, support)
        return output + self.bias


class GCN(nn.Module):
    def __init__(self, nfeat, nhid, nclass):
        super().__init__()
        self.gc1 = GCNLayer(nfeat, nhid)
        self.gc2 = GCNLayer(nhid, nclass)

    def forward(self, x, adj):
        x = F.relu(self.gc1(x, adj))
        return F.log_softmax(self.gc2(x, adj), dim=1)


edges = torch.tensor([[0, 1], [1, 2], [2, 3], [3, 0], [4, 5], [5, 6], [6, 4]])
n = 7
A = torch.zeros(n, n)
A[edges[:, 0], edges[:, 1]] = 1
A = A + A.t() + torch.eye(n)
deg = A.sum(1)
D = torch.diag(deg.pow(-0.5))
A_hat = D @ A @ D
X = torch.randn(n, 5)
model = GCN(5, 8, 2)
out = model(X, A_hat)
train_idx = torch.tensor([0, 4])
loss = F.nll_loss(out[train_idx], torch.tensor([0, 1]))
print(loss.item())
