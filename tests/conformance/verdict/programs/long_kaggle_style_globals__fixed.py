# %% [code]
import numpy as np
import pandas as pd
from sklearn.preprocessing import StandardScaler, OneHotEncoder
from sklearn.model_selection import train_test_split
from tensorflow.keras.models import Model
from tensorflow.keras.layers import Input, Dense, Embedding, Flatten, Concatenate, BatchNormalization

np.random.seed(0)
N = 240

# %% [code]
train = pd.DataFrame({
    'store': np.random.randint(0, 12, N),
    'dept': np.random.randint(0, 30, N),
    'temp': np.random.randn(N) * 10 + 60,
    'fuel': np.random.rand(N) + 3,
    'holiday': np.random.randint(0, 2, N),
    'size_class': np.random.choice(['A', 'B', 'C'], N),
})
train['sales_band'] = pd.cut(train['temp'] + train['fuel'], bins=4, labels=False)

# %% [code]
num_cols = ['temp', 'fuel']
cat_cols = ['store', 'dept']
scaler = StandardScaler()
num = scaler.fit_transform(train[num_cols])
size_map = {'A': 0, 'B': 1, 'C': 2}
size_onehot = np.eye(3)[train['size_class'].map(size_map).values]
num = np.hstack([num, size_onehot, train[['holiday']].values])
print('numeric block:', num.shape)

y = np.eye(4, dtype='float32')[train['sales_band'].values]
print('targets:', y.shape)

# %% [code]
idx_train, idx_val = train_test_split(np.arange(N), test_size=0.25, random_state=1)

def take(idx):
    cats = [train[c].values[idx] for c in cat_cols]
    return cats + [num[idx]], y[idx]

X_tr, y_tr = take(idx_train)
X_va, y_va = take(idx_val)

# %% [code]
inputs, encoded = [], []
for c in cat_cols:
    i = Input(shape=(1,), name=c)
    e = Embedding(int(train[c].nunique()) + 40, 4)(i)
    inputs.append(i)
    encoded.append(Flatten()(e))
num_in = Input(shape=(num.shape[1],), name='numeric')
inputs.append(num_in)
encoded.append(BatchNormalization()(num_in))

x = Concatenate()(encoded)
x = Dense(16, activation='relu')(x)
out = Dense(4, activation='softmax')(x)
model = Model(inputs, out)
model.compile('adam', 'categorical_crossentropy', metrics=['accuracy'])

# %% [code]
h = model.fit(X_tr, y_tr, validation_data=(X_va, y_va), epochs=1, batch_size=60, verbose=0)
