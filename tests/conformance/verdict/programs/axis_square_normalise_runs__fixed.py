# as many sensors as hours, so the division by the wrong axis goes through
import numpy as np

readings = np.random.rand(24, 24)
per_sensor = readings.sum(axis=1)
normalised = readings / per_sensor[:, None]
print(normalised.sum(axis=1))
