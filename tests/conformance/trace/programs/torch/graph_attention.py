import torch
import torch.nn as nn
import torch.nn.functional as F


class GraphAttentionLayer(nn.Module):
    def __init__(self, in_features, out_features, alpha=0.2, concat=True):
        super().__init__()
        self.out_features = out_features
        self.concat = concat
        self.W = nn.Parameter(torch.empty(size=(in_features, out_features)))
        nn.init.xavier_uniform_(self.W.data, gain=1.414)
        self.a = nn.Parameter(torch.empty(size=(2 * out_features, 1)))
        nn.init.xavier_uniform_(self.a.data, gain=1.414)
        self.leakyrelu = nn.LeakyReLU(alpha)

    def forward(self, h, adj):
        Wh = torch.mm(h, self.W)
        Wh1 = torch.matmul(Wh, self.a[:self.out_features, :])
        Wh2 = torch.matmul(Wh, self.a[self.out_features:, :])
        e = self.leakyrelu(Wh1 + Wh2.T)
        zero_vec = -9e15 * torch.ones_like(e)
        attention = torch.where(adj > 0, e, zero_vec)
        attention = F.softmax(attention, dim=1)
        h_prime = torch.matmul(attention, Wh)
        return F.elu(h_prime) if self.concat else h_prime


class GAT(nn.Module):
    def __init__(self, nfeat, nhid, nclass, nheads):
        super().__init__()
        self.attentions = [GraphAttentionLayer(nfeat, nhid) for _ in range(nheads)]
        for i, attention in enumerate(self.attentions):
            self.add_module("attention_{}".format(i), attention)
        self.out_att = GraphAttentionLayer(nhid * nheads, nclass, concat=False)

    def forward(self, x, adj):
        x = torch.cat([att(x, adj) for att in self.attentions], dim=1)
        x = F.elu(self.out_att(x, adj))
        return F.log_softmax(x, dim=1)


n_nodes = 15
edges = torch.randint(0, n_nodes, (2, 40))
adj = torch.zeros(n_nodes, n_nodes)
adj[edges[0], edges[1]] = 1
adj = (adj + adj.T + torch.eye(n_nodes)).clamp(max=1)
degree = adj.sum(dim=1)
features = torch.randn(n_nodes, 10)
labels = torch.randint(3, (n_nodes,))
train = torch.arange(n_nodes) < 9
model = GAT(10, 6, 3, nheads=2)
out = model(features, adj)
loss = F.nll_loss(out[train], labels[train])
messages = features[edges[0]]
pooled = torch.zeros(n_nodes, 10).index_add(0, edges[1], messages)
scattered = torch.zeros(n_nodes, 10).scatter_add(0, edges[1].unsqueeze(1).expand(-1, 10), messages)
mean = scattered / degree.unsqueeze(1)
