"""Uncertainty: a Gaussian output, MC dropout, an ensemble; calibration with scikit-learn."""
import numpy as np
import tensorflow as tf
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF
from sklearn.isotonic import IsotonicRegression
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import KernelDensity, NearestNeighbors
from tensorflow.keras import layers

N, D, ENSEMBLE, SAMPLES = 90, 3, 3, 8
X = np.random.randn(N, D).astype(np.float32)
y = (X[:, :1] * 2 + np.random.randn(N, 1) * 0.3).astype(np.float32)


def nll(y_true, params):
    mu, log_s = tf.split(params, 2, axis=-1)
    return 0.5 * tf.reduce_mean(tf.exp(-log_s) * tf.square(y_true - mu) + log_s)


def member(seed):
    tf.random.set_seed(seed)
    net = tf.keras.Sequential([layers.Input((D,)), layers.Dense(12, "relu"), layers.Dropout(0.3), layers.Dense(2)])
    net.compile("adam", nll)
    net.fit(X, y, epochs=1, batch_size=30, verbose=0)
    return net


members = [member(s) for s in range(ENSEMBLE)]
outs = np.stack([m.predict(X[:20], verbose=0) for m in members])
mu, log_s = outs[..., 0], outs[..., 1]
mean = mu.mean(axis=0)
total_var = np.exp(log_s).mean(axis=0) + mu.var(axis=0)
mc = tf.stack([members[0](X[:20], training=True) for _ in range(SAMPLES)])
mc_std = tf.math.reduce_std(mc[..., 0], axis=0)
lower, upper = np.percentile(mc[..., 0], [5, 95], axis=0)
gp = GaussianProcessRegressor(RBF()).fit(X, y.ravel())
gp_mean, gp_std = gp.predict(X[:20], return_std=True)
iso = IsotonicRegression(out_of_bounds="clip").fit(mean, y[:20, 0])
calibrated = iso.predict(mean)
gmm = GaussianMixture(n_components=2).fit(X)
resp = gmm.predict_proba(X)
logp = gmm.score_samples(X)
kde = KernelDensity(bandwidth=0.5).fit(X)
density = kde.score_samples(X[:10])
nn = NearestNeighbors(n_neighbors=4).fit(X)
dist, idx = nn.kneighbors(X[:5])
neigh = y[idx]
print(outs.shape, mean.shape, total_var.shape, mc.shape, mc_std.shape, lower.shape, gp_std.shape, calibrated.shape, resp.shape, logp.shape, density.shape, dist.shape, neigh.shape)
