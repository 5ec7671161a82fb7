import numpy as np
from sklearn.model_selection import train_test_split
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import GRU, Dense

n_subjects = 48
gait = np.random.rand(n_subjects, 40, 6)
age = np.random.randint(20, 90, n_subjects)
fell = np.array([0, 1] * (n_subjects // 2))

X_tr, X_te, age_tr, age_te = train_test_split(gait, age, test_size=12, random_state=0)

model = Sequential([GRU(6, input_shape=(40, 6)), Dense(1)])
model.compile("adam", "mse")
model.fit(X_tr, age_tr, epochs=1, verbose=0)
