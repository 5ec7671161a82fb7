"""The calls that are held against the real SciPy."""

from __future__ import annotations

PRELUDE = """\
import numpy as np
from scipy import signal, stats, ndimage, interpolate, special
from scipy.spatial.distance import cdist, pdist, squareform
x = np.random.rand(1000)
X = np.random.rand(4, 1000)
img = np.random.rand(32, 48)
f32 = x.astype("float32")"""

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
""".splitlines()
