import numpy as np

np.random.seed(0)
T, B, D, H = 6, 4, 3, 5
Wz, Wr, Wh = (np.random.randn(D + H, H) * 0.1 for _ in range(3))
bz, br, bh = np.zeros((1, H)), np.zeros((1, H)), np.zeros((1, H))
Why = np.random.randn(H, 1) * 0.1


def sig(a):
    return 1 / (1 + np.exp(-a))


def forward(xs):
    h = np.zeros((xs.shape[1], H))
    cache = []
    for x in xs:
        hx = np.concatenate([x, h], axis=1)
        z = sig(hx @ Wz + bz)
        r = sig(hx @ Wr + br)
        hx_r = np.c_[x, r * h]
        cand = np.tanh(hx_r.dot(Wh) + bh)
        h_new = (1 - z) * h + z * cand
        cache.append((x, h, z, r, cand))
        h = h_new
    return h, cache


xs = np.random.randn(T, B, D)
target = xs.sum(axis=(0, 2)).reshape(B, 1)
lr = 0.05
history = []
for epoch in range(5):
    h, cache = forward(xs)
    y = h @ Why
    err = y - target
    loss = 0.5 * np.mean(err ** 2)
    history.append(loss)
    dWhy = h.T @ err / B
    dh = err @ Why.T / B
    x_last, h_prev, z_last, r_last, cand_last = cache[-1]
    dcand = dh * z_last * (1 - cand_last ** 2)
    inputs_last = np.hstack((x_last, r_last * h_prev))
    dWh = inputs_last.T @ dcand
    dbh = dcand.sum(axis=0, keepdims=True)
    Why -= lr * dWhy
    Wh = Wh - lr * dWh
    bh -= lr * dbh
losses = np.array(history)
improvement = losses[:-1] - losses[1:]
h_final, _ = forward(xs[::-1])
grad_norm = np.sqrt(sum((g ** 2).sum() for g in (dWhy, dWh, dbh)))
print(losses, grad_norm, h_final.shape)
