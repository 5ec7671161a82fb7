import math
import torch

sr = 8000
t = torch.arange(2 * sr) / sr
wave = torch.sin(2 * math.pi * 440 * t) + 0.3 * torch.sin(2 * math.pi * 880 * t)
stereo = torch.stack([wave, wave.roll(100)])
window = torch.hann_window(400)
spec = torch.stft(wave, n_fft=512, hop_length=160, win_length=400, window=window, return_complex=True)
batch = torch.stft(stereo, 256, return_complex=True, window=torch.ones(256))
magnitude = spec.abs()
power = magnitude ** 2
db = 10 * torch.log10(power + 1e-10)
phase = torch.angle(spec)
freqs = torch.fft.rfftfreq(512, d=1 / sr)
centroid = (freqs[:, None] * magnitude).sum(0) / magnitude.sum(0)
fft = torch.fft.rfft(wave)
peak = fft.abs().argmax()
real_back = torch.fft.irfft(fft, n=len(wave))
frames = wave.unfold(0, 400, 160)
windowed = frames * window
energy = windowed.pow(2).sum(-1)
zero = (frames[:, 1:].sign() != frames[:, :-1].sign()).sum(1)
filters = torch.rand(40, freqs.numel())
mel = filters @ power
logmel = (mel + 1e-6).log()
delta = logmel[:, 1:] - logmel[:, :-1]
padded_delta = torch.nn.functional.pad(delta, (1, 0))
features = torch.cat([logmel, padded_delta], dim=0).T
rebuilt = torch.istft(spec, n_fft=512, hop_length=160, win_length=400, window=window)
mean, std = features.mean(0), features.std(0)
normal = (features - mean) / std
segments = normal[:len(normal) // 25 * 25].view(-1, 25, 80)
