import torch


def talking_heads(x, mix, heads):
    b, t, e = x.shape
    q = x.view(b, t, heads, e // heads)
    scores = torch.einsum("bihd,bjhd->bhij", q, q)
    scores = torch.einsum("bhij,gk->bgij", scores, mix)
    return torch.einsum("bgij,bjhd->bihd", scores.softmax(-1), q[:, :, :, :-1] + q)


x = torch.randn(2, 7, 24)
print(talking_heads(x, torch.eye(4), 4).shape)
