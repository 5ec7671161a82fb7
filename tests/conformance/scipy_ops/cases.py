"""The calls that are held against the real SciPy."""

from __future__ import annotations

PRELUDE = """\
import numpy as np
from scipy import linalg, signal, stats, ndimage, interpolate, special
from scipy.spatial.distance import cdist, pdist, squareform
x = np.random.rand(1000)
X = np.random.rand(4, 1000)
img = np.random.rand(32, 48)
f32 = x.astype("float32")
A = np.eye(4) + 0.1
B = np.random.rand(5, 3)"""

CASES = """\
r = signal.resample(x,100)
r = signal.resample(X,100)
r = signal.resample(X,2,axis=0)
r = signal.resample(X.T,50)
r = signal.decimate(x,4)
r = signal.resample_poly(x,3,7)
r = signal.butter(4,0.2)[0]
r = signal.butter(4,0.2)[1]
r = signal.butter(4,[0.1,0.2],btype='band')[0]
r = signal.butter(4,[0.1,0.2],btype='band')[1]
r = signal.butter(4,0.2,output='sos')
r = signal.butter(4,[0.1,0.2],btype='bandpass',output='sos')
r = signal.filtfilt(*signal.butter(4,0.2),x)
r = signal.filtfilt(*signal.butter(4,0.2),x[:10])
r = signal.lfilter(*signal.butter(4,0.2),X)
r = signal.sosfiltfilt(signal.butter(4,0.2,output='sos'),X)
r = signal.spectrogram(x)[0]
r = signal.spectrogram(x)[1]
r = signal.spectrogram(x)[2]
r = signal.spectrogram(x,100,'hann',128)[2]
r = signal.spectrogram(x,100,'hann',128,64)[1]
r = signal.stft(x,100,'hann',128,64)[2]
r = signal.sosfilt(signal.butter(4,0.2,output='sos'),x,-1)
r = signal.sosfiltfilt(signal.butter(4,0.2,output='sos'),x,-1,'even')
r = signal.resample_poly(x,2,3,0,('kaiser',5.0))
r = signal.spectrogram(x,fs=100,nperseg=128)[0]
r = signal.spectrogram(x,fs=100,nperseg=128)[1]
r = signal.spectrogram(x,fs=100,nperseg=128)[2]
r = signal.spectrogram(x,fs=100,nperseg=128,noverlap=64)[0]
r = signal.spectrogram(x,fs=100,nperseg=128,noverlap=64)[1]
r = signal.spectrogram(x,fs=100,nperseg=128,noverlap=64)[2]
r = signal.spectrogram(X,fs=100,nperseg=100,noverlap=50)[0]
r = signal.spectrogram(X,fs=100,nperseg=100,noverlap=50)[1]
r = signal.spectrogram(X,fs=100,nperseg=100,noverlap=50)[2]
r = signal.spectrogram(x[:200])[0]
r = signal.spectrogram(x[:200])[1]
r = signal.spectrogram(x[:200])[2]
r = signal.stft(x,nperseg=128)[0]
r = signal.stft(x,nperseg=128)[1]
r = signal.stft(x,nperseg=128)[2]
r = signal.stft(x)[0]
r = signal.stft(x)[1]
r = signal.stft(x)[2]
r = signal.stft(X,nperseg=100,noverlap=75)[0]
r = signal.stft(X,nperseg=100,noverlap=75)[1]
r = signal.stft(X,nperseg=100,noverlap=75)[2]
r = signal.welch(x,nperseg=128)[0]
r = signal.welch(x,nperseg=128)[1]
r = signal.welch(X)[0]
r = signal.welch(X)[1]
r = signal.welch(x[:100])[0]
r = signal.welch(x[:100])[1]
r = signal.periodogram(x)[0]
r = signal.periodogram(x)[1]
r = signal.periodogram(x[:99])[0]
r = signal.periodogram(x[:99])[1]
r = signal.hilbert(x)
r = signal.find_peaks(x)[0]
r = signal.convolve(x,np.ones(5))
r = signal.convolve(x,np.ones(5),mode='same')
r = signal.convolve(x,np.ones(5),mode='valid')
r = signal.savgol_filter(x,11,3)
r = signal.medfilt(x,5)
r = signal.detrend(X)
r = signal.get_window('hann',64)
r = signal.windows.hann(64)
r = stats.zscore(x)
r = stats.zscore(X,axis=1)
r = stats.pearsonr(x,x)[0]
r = stats.pearsonr(x,x)[1]
r = stats.norm.rvs(size=(3,4))
r = stats.norm.pdf(x)
r = stats.mode(np.array([1,1,2]))
r = ndimage.gaussian_filter(img,2)
r = ndimage.zoom(img,2)
r = ndimage.zoom(img,0.5)
r = ndimage.zoom(img,(2,1))
r = ndimage.rotate(img,90)
r = ndimage.rotate(img,30,reshape=False)
r = ndimage.shift(img,2)
r = ndimage.label(img>0.5)[0]
r = ndimage.convolve(img,np.ones((3,3)))
r = ndimage.uniform_filter1d(x,3)
r = interpolate.interp1d(np.arange(1000),x)(np.linspace(0,900,50))
r = interpolate.interp1d(np.arange(1000),X)(np.linspace(0,900,50))
r = interpolate.interp1d(np.arange(1000),X.T,axis=0)(np.linspace(0,900,50))
r = interpolate.interp1d(np.arange(999),x)
r = interpolate.CubicSpline(np.arange(1000),x)(np.linspace(0,900,50))
r = cdist(X.T[:5],X.T[:7])
r = cdist(X.T[:5],X[:,:7])
r = pdist(X)
r = squareform(pdist(X))
r = special.expit(x)
r = special.softmax(X,axis=1)
r = special.logsumexp(X,axis=1)
r = special.softmax(f32)
r = signal.correlate(x,x)
r = signal.resample(f32,100)
r = signal.spectrogram(f32)[0]
r = signal.spectrogram(f32)[1]
r = signal.spectrogram(f32)[2]
r = linalg.eig(A)[0]
r = linalg.eig(A)[1]
r = linalg.svd(B)[0]
r = linalg.svd(B)[1]
r = linalg.svd(B, full_matrices=False)[0]
r = linalg.svd(B.T, False)[2]
r = linalg.svd(B, compute_uv=False)
r = linalg.svd(B.astype("float32"))[2]
r = linalg.svdvals(B)
r = linalg.qr(B)[0]
r = linalg.qr(B, mode="economic")[0]
r = linalg.qr(B.T, mode="economic")[1]
r = linalg.qr(B, pivoting=True)[2]
r = linalg.qr(B, mode="r")[0]
r = linalg.lu(B)[0]
r = linalg.lu(B.T)[1]
r = linalg.lu(B, permute_l=True)[1]
r = linalg.lstsq(B, np.ones(5))[0]
r = linalg.lstsq(B, np.ones((5, 2)))[0]
r = linalg.lstsq(B, np.ones(5))[3]
r = linalg.norm(B)
r = linalg.norm(B, axis=1)
r = linalg.pinv(B)
r = linalg.lu_factor(A)[1]
r = linalg.cho_solve(linalg.cho_factor(A), np.ones(4))
r = linalg.toeplitz([1, 2, 3], [1, 2])
r = linalg.toeplitz(np.arange(3.0))
r = linalg.block_diag(A, B, [1.0, 2.0])
r = linalg.schur(A)[0]
r = linalg.eigh(A)[0]
r = linalg.eigvalsh(A)
r = linalg.det(A)
r = linalg.inv(A.astype(int))
r = linalg.expm(A)
r = linalg.cholesky(A)
r = linalg.solve(A, np.ones((4, 2)))
r = stats.norm.pdf(f32)
r = stats.norm.cdf(x, 0, 1)
r = stats.norm.cdf(x[:5], loc=np.zeros((3, 1)))
r = stats.norm.ppf(0.95)
r = stats.norm.rvs(0, 1, 3)
r = stats.norm.rvs(loc=[1, 2, 3])
r = stats.norm.rvs()
r = stats.norm.rvs(np.zeros(5), np.ones(4))
r = stats.gamma.rvs(2.0, size=4)
r = stats.gamma.rvs(2.0, 0, 1, 4)
r = stats.gamma.pdf(x, a=2)
r = stats.gamma.fit(x[:50])[2]
r = stats.norm.fit(x)[0]
r = len(stats.beta.fit(np.linspace(0.1, 0.9, 50)))
r = stats.poisson.rvs(3, size=4)
r = stats.poisson.rvs(3)
r = stats.poisson.rvs(3, 0, 4)
r = stats.poisson.pmf(np.arange(4), 2)
r = stats.binom.cdf(3, 5, 0.5)
r = stats.binom.mean(np.arange(4), 0.5)
r = stats.randint.rvs(0, 5, size=(2, 3))
r = stats.norm.interval(0.95, loc=np.zeros(3))[0]
r = stats.t.ppf(0.975, 9)
r = stats.chi2.sf(x, 3)
r = stats.weibull_min.rvs(1.5, size=(2, 2))
r = stats.linregress(np.arange(5), np.arange(5)).slope
r = stats.linregress(np.arange(5), np.arange(5))[4]
r = stats.boxcox(x + 1)[0]
r = stats.boxcox(x + 1, 0.5)
r = stats.wasserstein_distance(x, x)
r = special.factorial(np.arange(4))
r = special.factorial(5)
r = special.factorial(5, exact=True)
r = special.comb(np.arange(4), 2)
r = special.digamma(f32)
r = special.erfinv(np.zeros(3, "int8"))
r = special.erfc(np.arange(3))
""".splitlines()
