"""Sales of shops: merges, lags by group, dummies, a dense network with embeddings."""
import numpy as np
import pandas as pd
from sklearn.preprocessing import LabelEncoder, MinMaxScaler, OrdinalEncoder
from tensorflow.keras import layers
from tensorflow.keras.models import Model

sales = pd.DataFrame(
    {
        "shop": np.repeat(["A", "B", "C", "D"], 30),
        "day": np.tile(pd.date_range("2024-01-01", periods=30).values, 4),
        "units": np.random.poisson(20, 120),
    }
)
shops = pd.DataFrame({"shop": ["A", "B", "C", "D"], "city": ["x", "y", "x", "z"], "area": [100.0, 80.0, 120.0, 60.0]})
df = sales.merge(shops, on="shop", how="left")
df["dow"] = df["day"].dt.dayofweek
for lag in (1, 7):
    df[f"lag_{lag}"] = df.groupby("shop")["units"].shift(lag)
df["mean_7"] = df.groupby("shop")["units"].transform(lambda s: s.rolling(7, min_periods=1).mean())
df["shop_id"] = LabelEncoder().fit_transform(df["shop"])
df["city_id"] = OrdinalEncoder().fit_transform(df[["city"]]).astype(int).ravel()
df = df.fillna(0.0)
numeric = ["area", "lag_1", "lag_7", "mean_7"]
last_day = df["day"].max()
is_test = df["day"] > last_day - pd.Timedelta(days=5)
train, test = df[~is_test], df[is_test]
mm = MinMaxScaler()
num_train = mm.fit_transform(train[numeric])
num_test = mm.transform(test[numeric])
dow_train = pd.get_dummies(train["dow"], dtype="float32").values
inputs_num = layers.Input((len(numeric),))
inputs_shop = layers.Input((1,))
inputs_dow = layers.Input((7,))
e = layers.Embedding(input_dim=df["shop_id"].nunique(), output_dim=3)(inputs_shop)
e = layers.Flatten()(e)
h = layers.Concatenate()([inputs_num, e, inputs_dow])
h = layers.Dense(16, activation="relu")(h)
out = layers.Dense(1, activation="softplus")(h)
model = Model([inputs_num, inputs_shop, inputs_dow], out)
model.compile("adam", "poisson")
y_train = train["units"].to_numpy()
model.fit([num_train, train["shop_id"].to_numpy().reshape(-1, 1), dow_train], y_train, epochs=1, verbose=0)
dow_test = np.eye(7, dtype="float32")[test["dow"].to_numpy()]
pred = model.predict([num_test, test[["shop_id"]].to_numpy(), dow_test], verbose=0)
by_shop = test.assign(pred=pred.ravel()).groupby("shop")[["units", "pred"]].sum()
mape = (np.abs(by_shop["pred"] - by_shop["units"]) / by_shop["units"]).to_numpy()
corr = df[numeric].corr().values
print(df.shape, e.shape, h.shape, by_shop.shape, mape.shape, corr.shape, pred.shape[1])
