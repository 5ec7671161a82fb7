import numpy as np
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.preprocessing import LabelEncoder, MultiLabelBinarizer, OneHotEncoder
from tensorflow.keras import layers, models, losses

questions = [
    "how do i reshape a numpy array", "pandas merge two frames", "keras lstm input shape",
    "numpy broadcast error", "plot a pandas frame", "tensorflow keras model shape error",
    "reshape for lstm keras", "merge arrays numpy",
]
tags = [["numpy"], ["pandas"], ["keras", "shape"], ["numpy", "error"], ["pandas", "plot"], ["keras", "error", "shape"],
        ["keras", "shape"], ["numpy"]]

vec = TfidfVectorizer(max_features=12)
X = vec.fit_transform(questions).toarray()
mlb = MultiLabelBinarizer()
Y = mlb.fit_transform(tags)
n_tags = Y.shape[1]
counts = CountVectorizer(binary=True).fit_transform(questions)
dense_counts = counts.toarray()
le = LabelEncoder()
main_tag = le.fit_transform([t[0] for t in tags])
ohe = OneHotEncoder(sparse_output=False)
main_onehot = ohe.fit_transform(main_tag.reshape(-1, 1))

inputs = layers.Input(shape=(X.shape[1],))
h = layers.Dense(10, activation="relu")(inputs)
h = layers.Dropout(0.3)(h)
multi = layers.Dense(n_tags, activation="sigmoid", name="multi")(h)
single = layers.Dense(main_onehot.shape[1], activation="softmax", name="single")(h)
model = models.Model(inputs, [multi, single])
model.compile("adam", loss=[losses.BinaryCrossentropy(), losses.CategoricalCrossentropy()])
model.fit(X, [Y, main_onehot], epochs=1, verbose=0)
p_multi, p_single = model.predict(X, verbose=0)
predicted = (p_multi > 0.5).astype(int)
names = mlb.inverse_transform(predicted)
tp = np.logical_and(predicted == 1, Y == 1).sum(axis=0)
fp = ((predicted == 1) & (Y == 0)).sum(axis=0)
fn = ((predicted == 0) & (Y == 1)).sum(axis=0)
with np.errstate(divide="ignore", invalid="ignore"):
    precision = np.nan_to_num(tp / (tp + fp))
    recall = np.nan_to_num(tp / (tp + fn))
hamming = (predicted != Y).mean()
order = np.argsort(-p_multi, axis=1)
ranked_truth = np.take_along_axis(Y, order, axis=1)
hits_at = np.cumsum(ranked_truth, axis=1)
p_at_2 = hits_at[:, 1] / 2
main = le.inverse_transform(p_single.argmax(axis=1))
cooc = Y.T @ Y
print(precision, recall, hamming, p_at_2, cooc.shape, dense_counts.shape[0], len(names), main.shape)
