"""K-means, PCA, a mixture of Gaussians and t-SNE-like affinities, without a framework."""
import numpy as np
from sklearn.datasets import make_blobs, load_wine
from sklearn.decomposition import PCA
from sklearn.cluster import KMeans
from sklearn.model_selection import train_test_split, KFold
from sklearn.metrics import confusion_matrix, mean_squared_error

X, truth = make_blobs(n_samples=90, n_features=3, centers=4, random_state=2)
n, d = X.shape
k = 4
rng = np.random.default_rng(1)
centres = X[rng.choice(n, k, replace=False)]
for iteration in range(10):
    sq = ((X[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
    assign = sq.argmin(axis=1)
    new = np.array([X[assign == j].mean(axis=0) if np.any(assign == j) else centres[j] for j in range(k)])
    if np.allclose(new, centres):
        break
    centres = new
inertia = sq.min(axis=1).sum()

resp = np.exp(-0.5 * (sq - sq.min(axis=1, keepdims=True)))
resp /= resp.sum(axis=1, keepdims=True)
weights = resp.mean(axis=0)
means = (resp.T @ X) / resp.sum(axis=0)[:, None]
diff = X[:, None, :] - means
covs = np.einsum("nk,nki,nkj->kij", resp, diff, diff) / resp.sum(axis=0)[:, None, None]
covs += 1e-6 * np.eye(d)
inv = np.linalg.inv(covs)
logdet = np.linalg.slogdet(covs)[1]
maha = np.einsum("nki,kij,nkj->nk", diff, inv, diff)
logp = np.log(weights) - 0.5 * (maha + logdet + d * np.log(2 * np.pi))
top = logp.max(axis=1, keepdims=True)
loglik = (top[:, 0] + np.log(np.exp(logp - top).sum(axis=1))).sum()
draws = np.vstack([rng.multivariate_normal(m, c, size=5) for m, c in zip(means, covs)])
chol = np.linalg.cholesky(covs)

wine = load_wine()
W = (wine.data - wine.data.mean(0)) / wine.data.std(0)
C = np.cov(W.T)
vals, vecs = np.linalg.eigh(C)
order = vals.argsort()[::-1]
basis = vecs[:, order[:2]]
projected = W @ basis
explained = vals[order].cumsum() / vals.sum()
sk = PCA(n_components=3).fit(W)
comps = sk.components_
sk_proj = sk.transform(W)
km = KMeans(n_clusters=3, n_init=2, random_state=0)
clusters = km.fit_predict(sk_proj)
table = confusion_matrix(wine.target, clusters)
purity = table.max(axis=0).sum() / table.sum()
A_tr, A_te, t_tr, t_te = train_test_split(W, wine.target, test_size=0.25, random_state=1)
design = np.column_stack([np.ones(len(A_tr)), A_tr])
theta = np.linalg.solve(design.T @ design + 1e-3 * np.eye(design.shape[1]), design.T @ t_tr)
pred = np.c_[np.ones(len(A_te)), A_te] @ theta
mse = mean_squared_error(t_te, pred)
errors = []
for tr, te in KFold(4).split(W):
    fold = np.c_[np.ones(tr.size), W[tr]]
    coef = np.linalg.pinv(fold) @ wine.target[tr]
    err = np.c_[np.ones(te.size), W[te]] @ coef - wine.target[te]
    errors.append(np.mean(err ** 2))
errors = np.array(errors)
print(inertia, loglik, draws.shape, purity, mse, errors, chol.shape, comps.shape)
