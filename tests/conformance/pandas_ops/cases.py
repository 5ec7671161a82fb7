"""The calls that are held against the real pandas."""

from __future__ import annotations

PRELUDE = """\
import numpy as np
import pandas as pd
df = pd.DataFrame({"a": range(10), "b": np.random.rand(10), "c": list("abcdefghij")})
s = pd.Series(np.random.rand(10))
X = np.zeros((10, 3))
n = pd.DataFrame(np.zeros((10, 3)), columns=["x", "y", "z"])
t = pd.DataFrame({"v": np.random.rand(8), "w": [1, 2] * 4}, index=pd.date_range("2024-01-01", periods=8))"""

CASES = """\
r = pd.DataFrame({'a':[1,2],'b':[1,2,3]})
r = pd.DataFrame({'a':np.zeros(3),'b':np.zeros(4)})
r = pd.DataFrame(np.zeros((5,3)),columns=['a','b'])
r = pd.DataFrame(np.zeros((5,3)),index=range(4))
r = pd.DataFrame(np.zeros((2,3,4)))
r = pd.DataFrame({'a':np.zeros((5,1))})
r = pd.DataFrame({'a':np.zeros((5,2))})
r = pd.DataFrame({'a':1,'b':2})
r = pd.DataFrame({'a':1,'b':[1,2,3]})
r = pd.DataFrame({'a':[1,2,3]},index=[1,2])
r = pd.DataFrame(np.zeros(5))
r = pd.DataFrame(np.zeros(5),columns=['a'])
r = pd.DataFrame([1,2,3])
r = pd.DataFrame([[1,2],[3,4]],columns=['a','b','c'])
r = pd.DataFrame([[1,2],[3,4]],columns=['a'])
r = pd.DataFrame([[1,2],[3]])
r = pd.DataFrame([{'a':1},{'b':2}])
r = pd.DataFrame([(1,'a'),(2,'b')],columns=['x','y'])
r = pd.DataFrame({'a':s,'b':s[:5]})
r = pd.DataFrame({'a':s,'b':[1,2]})
r = pd.DataFrame(s)
r = pd.DataFrame(df,columns=['a','b'])
r = pd.DataFrame(df,columns=['a','zz'])
r = pd.DataFrame()
r = pd.DataFrame(columns=['a','b'])
r = pd.DataFrame(index=range(3))
r = pd.DataFrame({'a':[1,2]},columns=['a','q'])
r = pd.DataFrame([np.zeros(3),np.zeros(3)])
r = pd.DataFrame([s,s])
r = pd.DataFrame(5)
r = pd.Series(np.zeros((5,1)))
r = pd.Series(np.zeros((5,2)))
r = pd.Series([[1,2],[3,4]])
r = pd.Series([1,2,3],index=[1,2])
r = pd.Series(5,index=range(4))
r = pd.Series({'a':1,'b':2})
r = pd.Series(['a','b'])
r = pd.Series([1,'a'])
r = pd.Series([True,False])
r = pd.Series([1,None])
r = pd.Series([1.5,2])
r = pd.Series(range(5))
r = pd.Series([])
r = pd.Series(np.zeros(3,'float32'))
r = pd.Series(pd.date_range('2020-01-01',periods=5))
r = pd.Series(5)
df['z']=np.zeros(5)
df['z']=[1,2,3]
df['z']=np.zeros((10,2))
df['z']=np.zeros((10,1))
df['z']=s[:5]
df[['p','q']]=np.zeros((10,2))
df[['p','q']]=np.zeros((10,3))
df[['p','q']]=np.zeros((9,2))
df['z']=n[['x','y']]
df['z']=n[['x']]
df['z']='abc'; r=df
df.loc[:,'z']=np.zeros(5)
df.loc[:,'z']=np.zeros(10); r=df
df.iloc[:,0]=np.zeros(5)
df.iloc[0]=[1,2]
df.columns=['a','b']
df.index=range(5)
s.index=range(5)
s[:]=np.zeros(5)
s.iloc[0:3]=np.zeros(5)
s.name='x'
r = df['z']
r = df[['a','z']]
r = df[['z','y']]
r = df[0]
r = df[:,0]
r = df[0:3]
r = df[:, :]
r = df[0,1]
r = df['a','b']
r = df.z
r = df.reshape(5,6)
r = s.reshape(-1,1)
r = df.iloc[10]
r = df.iloc[-11]
r = df.iloc[:,3]
r = df.iloc[0,3]
r = df.iloc[10,0]
r = df.iloc[[0,10]]
r = df.iloc[:,[0,3]]
r = df.iloc['a']
r = df.iloc[:, 'a']
r = df.iloc[0,0,0]
r = df.iloc[3:20]
r = df.iloc[0]
r = df.iloc[:,0]
r = df.iloc[0,1]
r = df.iloc[:,0:2]
r = df.iloc[[0,1]]
r = df.iloc[0:2,1]
r = df.iloc[:, [1]]
r = df.iloc[[0],[1]]
r = df.iloc[0,:]
r = df.iloc[-1]
r = df.iloc[:, -1]
r = df.iloc[[True]*10]
r = df.iloc[[True]*9]
r = df.iloc[np.zeros(10,bool)]
r = df.loc[10]
r = df.loc[0]
r = df.loc[0:4]
r = df.loc[0:4,'a']
r = df.loc[0:4,['a','b']]
r = df.loc[0:4,'a':'b']
r = df.loc[:, 'z']
r = df.loc[:, ['a','z']]
r = df.loc[[0,1]]
r = df.loc[[0,10]]
r = df.loc[df.a>5]
r = df.loc[df.a>5,'b']
r = df.loc[5:20]
r = df.loc[2:5:2]
r = df.loc['a']
r = df.at[0,'a']
r = df.at[0,'z']
r = df.at[20,'a']
r = df.iat[0,0]
r = df.iat[0,5]
r = df[df.a>5]
r = df[s>0.5]
r = df[np.zeros(10,bool)]
r = df[np.zeros(9,bool)]
r = df[[True]*9]
r = df[n>0]
r = s[0]
r = s[10]
r = s[-1]
r = s['a']
r = s[0:3]
r = s[[0,1]]
r = s[[0,20]]
r = s[s>0.5]
r = s[np.zeros(9,bool)]
r = s[:,None]
r = s[:,0]
r = s.iloc[10]
r = s.iloc[-1]
r = s.iloc[0:3]
r = s.loc[0:3]
r = s.values[:,0]
r = df.values
r = df.to_numpy()
r = n.values
r = n.to_numpy(dtype='float32')
r = df[['a','b']].values
r = df.a.values
r = df.c.to_numpy()
r = df.dtypes
r = df.columns
r = df.index
r = df.shape
r = df.size
r = df.ndim
r = df.T
r = df.head()
r = df.head(3)
r = df.head(20)
r = df.head(-2)
r = df.tail(3)
r = df.sample(4)
r = df.sample(frac=0.33)
r = df.sample(20)
r = df.sample(frac=1.0)
r = df.sample()
r = df.sample(frac=0.25)
r = df.drop('a',axis=1)
r = df.drop(columns=['a','b'])
r = df.drop('z',axis=1)
r = df.drop(columns=['a','z'])
r = df.drop(0)
r = df.drop([0,1])
r = df.drop(20)
r = df.drop('a')
r = df.drop(columns='z',errors='ignore')
r = df.drop(index=df.index[:3])
r = df.dropna()
r = df.fillna(0)
r = df.fillna(method='ffill')
r = df.ffill()
r = df.interpolate()
r = n.interpolate()
r = n.shift(1)
r = df.shift(1)
r = df.a.shift(1)
r = df.c.shift()
r = n.diff()
r = df.a.diff()
r = df.a.pct_change()
r = n.pct_change()
r = n.cumsum()
r = df.a.cumsum()
r = n.rolling(3).mean()
r = df.a.rolling(3).mean()
r = df.a.rolling(3).sum()
r = df.a.rolling(window=3,min_periods=1).std()
r = df.rolling(3).mean()
r = n.expanding().mean()
r = n.ewm(span=3).mean()
r = df.a.ewm(alpha=.5).mean()
r = pd.get_dummies(df.c)
r = pd.get_dummies(df)
r = pd.get_dummies(df,columns=['c'])
r = pd.get_dummies(df,columns=['c'],drop_first=True)
r = pd.get_dummies(df,columns=['c'],dtype=int)
r = pd.get_dummies(df.a)
r = pd.get_dummies(['x','y','x'])
r = pd.get_dummies(np.array([1,2,2]))
r = pd.get_dummies(df.c,prefix='k')
r = pd.factorize(df.c)
r = df.c.factorize()
r = pd.concat([df,df])
r = pd.concat([df,n])
r = pd.concat([df,n],axis=1)
r = pd.concat([df,n[:5]],axis=1)
r = pd.concat([s,s])
r = pd.concat([s,s],axis=1)
r = pd.concat([df,s],axis=1)
r = pd.concat([df,df],ignore_index=True)
r = pd.concat([])
r = pd.concat(df)
r = pd.concat([df,np.zeros((10,2))])
r = pd.merge(df,df,on='a')
r = df.merge(df,on='z')
r = df.join(n)
r = df.join(df)
r = df.groupby('c').mean()
r = df.groupby('c')['b'].mean()
r = df.groupby('c').size()
r = df.groupby('z')
r = df.groupby('c')[['a','b']].sum()
r = df.groupby('c').a.transform('mean')
r = df.mean()
r = n.mean()
r = n.mean(axis=1)
r = n.sum()
r = df.sum()
r = df[['a','b']].mean()
r = df.a.mean()
r = df.a.sum()
r = df.max()
r = n.max(axis=1)
r = df.a.max()
r = n.std()
r = n.min(axis=0)
r = n.mean().mean()
r = n.values.mean()
r = df.describe()
r = n.describe()
r = df.a.describe()
r = df.c.describe()
r = df.isna()
r = df.isnull().sum()
r = df.a.isna().sum()
r = df.isna().any()
r = df.nunique()
r = df.a.unique()
r = df.c.nunique()
r = df.c.value_counts()
r = df.corr()
r = n.corr()
r = n.cov()
r = df.sort_values('a')
r = df.sort_values('z')
r = df.sort_index()
r = df.reset_index()
r = df.reset_index(drop=True)
r = df.set_index('a')
r = df.set_index('z')
r = df.set_index('a').reset_index()
r = df.set_index('a').iloc[:,0]
r = s.reset_index()
r = s.reset_index(drop=True)
r = s.to_frame()
r = s.to_frame('q')
r = df.rename(columns={'a':'A'})
r = df.astype(float)
r = n.astype('float32')
r = df.astype({'a':'float32'})
r = df.a.astype(str)
r = df.a.astype('category')
r = df.a.astype('category').cat.codes
r = df.c.astype(int)
r = df.apply(lambda r: r.a, axis=1)
r = df.a.apply(lambda v: v+1)
r = df.a.map({0:1})
r = df.c.map({'a':1})
r = df.a.map(str)
r = n.apply(np.sqrt)
r = n.apply(lambda c: c.mean())
r = n.map(lambda v: v)
r = n.applymap(lambda v: v)
r = df.c.str.len()
r = df.c.str.lower()
r = df.c.str.split('x')
r = df.c.str.split('x',expand=True)
r = df.c.str[0]
r = df.c.str.contains('a')
r = df.a.str
r = df.c.dt
r = pd.to_datetime(['2020-01-01','2020-01-02'])
r = pd.to_datetime(pd.Series(['2020-01-01','2020-01-02']))
r = pd.to_datetime('2020-01-01')
r = pd.Series(pd.date_range('2020',periods=3)).dt.year
r = pd.Series(pd.date_range('2020',periods=3)).dt.hour
r = pd.Series(pd.date_range('2020',periods=3)).dt.dayofweek
r = pd.Series(pd.date_range('2020',periods=3)).dt.date
r = pd.date_range('2020-01-01',periods=5)
r = pd.date_range('2020-01-01','2020-01-31')
r = pd.date_range('2020-01-01','2020-01-31',freq='h')
r = pd.date_range('2020-01-01',periods=5,freq='H')
r = pd.date_range(start='2020-01-01',periods=100,freq='D').year
r = pd.date_range('2020-01-01',periods=5).dayofweek
r = pd.date_range('2020-01-01',periods=5).values
r = n+1
r = n*n
r = n+X
r = n+np.zeros(3)
r = n+np.zeros(10)
r = n-n.mean()
r = n/s
r = df.a+df.b
r = df.a+np.zeros(5)
r = df.a+s[:5]
r = df.a>5
r = df.c=='a'
r = (df.a>5)&(df.b<.5)
r = ~(df.a>5)
r = df.a>np.zeros(5)
r = df.a>s[:5]
r = df>n
r = -n
r = df.a/2
r = df.a//2
r = df.a**2
r = df.a%2
r = df.a+1.5
r = df.b+df.c
r = df.a+'x'
r = df.a and df.b
r = len(df)
r = list(df)
r = list(df.columns)
r = df.columns.tolist()
r = 'a' in df
r = df.empty
r = df.a.tolist()
r = df.to_dict()
r = df.to_dict('records')
r = df.iterrows()
r = df.itertuples()
r = df.items()
r = np.array(df)
r = np.array(df.a)
r = np.array(n)
r = np.mean(n)
r = np.mean(df.a)
r = np.mean(n,axis=0)
r = np.log(n)
r = np.log(df.b)
r = np.sqrt(df.a)
r = np.sum(n)
r = np.where(df.a>5,1,0)
r = np.concatenate([n,n])
r = np.concatenate([df.a,df.b])
r = np.expand_dims(n,-1)
r = np.reshape(n,(5,6))
r = np.reshape(n,(5,7))
r = np.exp(s)
r = np.dot(n,np.zeros((3,2)))
r = n@np.zeros((3,2))
r = n.dot(np.zeros((3,2)))
r = n.dot(np.zeros((4,2)))
r = n@np.zeros((4,2))
r = np.stack([n,n])
r = np.vstack([n,n])
r = np.hstack([n,n])
r = np.column_stack([df.a,df.b])
r = np.argmax(n)
r = np.argmax(n,axis=1)
r = np.max(n)
r = np.round(n,2)
r = np.abs(n)
r = np.isnan(n)
r = np.isnan(df.c)
r = np.unique(df.c)
r = np.random.permutation(n)
r = np.diff(df.a)
r = np.zeros(n.shape)
r = np.zeros(len(n))
r = np.zeros_like(n)
r = np.cumsum(df.a)
r = np.asarray(df.c)
r = np.random.choice(df.a, 5)
r = np.percentile(df.a,50)
r = np.transpose(n)
r = np.squeeze(n)
r = np.ravel(n)
r = np.array_split(n,3)
r = np.split(n,2)
r = t.iloc[2:6]
r = t.iloc[-3:]
r = t.loc["2024-01-03"]
r = t.loc["2024-01-03":]
r = t["2024-01-03":"2024-01-05"]
r = t.v.resample("2D").mean()
r = t.resample("D").sum()
r = t.index.month
r = t.index.dayofweek.values
r = t.v.rolling(3).mean().dropna()
r = t.rolling(2).std().dropna()
r = t.shift(2).dropna()
r = t.shift(-2).dropna()
r = t.diff(3).dropna()
r = t.w.value_counts()
r = t.groupby("w").v.mean()
r = t.groupby("w").agg({"v": "mean"})
r = t.groupby("w", as_index=False).mean()
r = t.groupby("w")["v"].transform("sum")
r = t.groupby("w").size()
r = t.reset_index()
r = t.reset_index(drop=True)
r = t.pivot_table(index="w", values="v")
r = t.values[:, 0]
r = t[["v"]].values
r = t[["v"]]
r = t["v"].values.reshape(-1, 1)
r = t.to_numpy(dtype="float32")
r = t.assign(q=t.v * 2)
r = t.assign(q=lambda d: d.v + d.w)
t["q"] = t.v.shift(1); r = t.dropna()
t["q"] = 1; r = t
t["q"] = np.arange(8); r = t.q
t["q"] = np.arange(7)
t.insert(0, "q", 5); r = t
t.loc[t.w == 1, "v"] = 0.0; r = t
t.loc[:, "z"] = t.v + 1; r = t
t.drop(columns=["v"], inplace=True); r = t
del t["v"]; r = t
r = t.pop("v")
t.columns = ["p", "q"]; r = t.p
t.columns = ["p"]
t.index = range(8); r = t
r = t.rename(columns={"v": "z"}).z
r = pd.concat([t, t])
r = pd.concat([t, t.shift(1)], axis=1)
r = pd.concat([t[["v"]], t[["w"]].shift(1)], axis=1).dropna()
r = pd.concat([t.v.shift(k) for k in range(3)], axis=1)
r = pd.concat([n, n], axis=1)
r = pd.concat([n, n], axis=1).values
r = pd.concat([n] * 3)
r = n.iloc[:, 1:]
r = n.iloc[:, :-1].values
r = n.iloc[:, [0, 2]]
r = n.iloc[1:3, 1:].to_numpy()
r = n.iloc[::2]
r = n.iloc[-4:-1]
r = n.values.T
r = n.T
r = n.T.values
r = n.loc[3:7, "x":"y"]
r = n.loc[n.x > 0]
r = n[["x", "z"]][2:5]
r = n[n.x > 0].values
r = n.x[n.x > 0]
r = n.x.to_frame()
r = n.x.to_frame().values
r = n.stack()
r = n.melt()
r = n.quantile(0.5)
r = n.quantile([0.25, 0.75])
r = n.x.quantile([0.25, 0.75])
r = n.agg("mean")
r = n.agg(["mean", "std"])
r = n.std(axis=1)
r = n.sum(axis=1).values
r = n.idxmax()
r = n.x.argmax()
r = n.any()
r = n.count()
r = n.nlargest(3, "x")
r = n.sample(frac=0.5, random_state=0)
r = n.select_dtypes("number")
r = df.select_dtypes(include="number")
r = df.select_dtypes(exclude="number")
r = df.select_dtypes(include=["object"])
r = df.filter(items=["a", "b"])
r = df.describe().shape
r = df.sort_values("b", ascending=False).head(3)
r = df.b.rank()
r = df.drop_duplicates()
r = df.query("a > 5")
r = df.isin([1, 2])
r = df.a.isin([1, 2])
r = df.a.between(2, 5)
r = df.a.clip(2, 5)
r = df.round(2)
r = df.where(df.a > 3)
r = df.a.where(df.a > 3)
r = df.a.replace(0, 5)
r = df.mask(df.a > 3).shape
r = df.a.abs()
r = df.a.cumsum().values
r = df.a.map(lambda v: v * 2)
r = df.a.apply(lambda v: v / 2)
r = df.a.apply(float)
r = df.c.apply(len)
r = df.c.map(len)
r = df.c.map({k: i for i, k in enumerate("abcdefghij")})
r = df[["a", "b"]].apply(lambda row: row.a + row.b, axis=1)
r = df[["a", "b"]].apply(lambda col: col - col.mean())
r = df[["a", "b"]].apply(np.mean)
r = (df[["a", "b"]] - df[["a", "b"]].mean()) / df[["a", "b"]].std()
r = df[["a", "b"]] - df[["a", "b"]].min()
r = ((df[["a", "b"]] - df[["a", "b"]].min()) / (df[["a", "b"]].max() - df[["a", "b"]].min())).values
r = df.a.values - df.b.values
r = df.a - df.b.mean()
r = 1 - df.b
r = 1 / df[["a"]]
r = np.arange(10) * df.a
r = np.arange(9) * df.a
r = X + n
r = np.zeros(3) + n
r = n + np.zeros((9, 3))
r = n + np.zeros((10, 1))
r = n * np.zeros((1, 3))
r = n + [1, 2, 3]
r = s + [1, 2]
r = s > [1, 2]
r = s == s
r = n == n
r = n.eq(0)
r = n.add(1)
r = n.sub(n.mean())
r = n.div(s, axis=0)
r = s.add(s[:5], fill_value=0)
r = -df[["a", "b"]]
r = ~(df.a > 3)
r = (df.a > 3) | (df.b > 0.5)
r = df.a.astype("int32")
r = df.b.astype(int)
r = df.b.astype("float32").values
r = df.astype({"a": "float64"}).a
r = df[["a"]].astype("float32").values
r = pd.get_dummies(df.a > 3)
r = pd.get_dummies(pd.Series(["x", "y", "x"]), drop_first=True)
r = pd.get_dummies(pd.Series(["x", "y", "x"])).values
r = pd.get_dummies(pd.Series(["x", "y", "x"]), dtype="float32").values
r = pd.factorize(pd.Series(["x", "y", "x"]))[0]
r = pd.factorize(np.array(["x", "y", "x"]))[0]
r = pd.Series(["x", "y", "x"]).astype("category").cat.codes
r = pd.Series(["x", "y", "x"]).astype("category").cat.codes.values
r = pd.cut(df.a, 3)
r = pd.cut(df.a, 3, labels=False)
r = pd.cut(df.a, bins=[0, 5, 10])
r = pd.qcut(df.b, 4, labels=False)
r = pd.to_numeric(df.a)
r = pd.DataFrame({"x": [1, 2, 3], "y": [4.0, 5.0, 6.0]}).values
r = pd.DataFrame({"x": [1, 2, 3], "y": ["a", "b", "c"]}).values
r = pd.DataFrame({"x": [1, 2, 3], "y": [True, False, True]}).values
r = pd.DataFrame(np.zeros((4, 2)))
r = pd.DataFrame(np.zeros((4, 2), "float32")).values
r = pd.DataFrame(np.zeros((4, 2)))[0]
r = pd.DataFrame(np.zeros((4, 2)))["a"]
r = pd.DataFrame(np.zeros((4, 2)), columns=list("ab"))["a"]
r = pd.DataFrame(np.zeros((4, 2)), index=pd.date_range("2024", periods=4))
r = pd.DataFrame(np.zeros((4, 2)), index=pd.date_range("2024", periods=5))
r = pd.DataFrame({"a": np.zeros(4)}, index=pd.date_range("2024", periods=4))
r = pd.DataFrame({"a": np.zeros(4)}, index=pd.date_range("2024", periods=5))
r = pd.DataFrame([np.arange(3) for _ in range(5)])
r = pd.DataFrame([{"a": i, "b": i * 2.0} for i in range(6)])
r = pd.DataFrame(dict(a=[1, 2], b=[3, 4]))
r = pd.DataFrame(list(zip([1, 2, 3], [4, 5, 6])), columns=["p", "q"])
r = pd.DataFrame.from_dict({"a": [1, 2], "b": [3, 4]})
r = pd.DataFrame(s.values, columns=["only"])
r = pd.DataFrame({"s": s})
r = pd.DataFrame({"s": s, "k": 1})
r = pd.Series(np.arange(6), name="q")
r = pd.Series(np.arange(6)).values
r = pd.Series(np.arange(6)).to_numpy().reshape(2, 3)
r = pd.Series(np.arange(6)).to_numpy().reshape(2, 4)
r = pd.Series([1, 2, 3], index=["a", "b", "c"])["b"]
r = pd.Series([1, 2, 3], index=["a", "b", "c"]).a
r = pd.Series({"a": 1.0, "b": 2.0}).values
r = pd.Series([1.0, np.nan, 3.0]).dropna()
r = pd.Series([1.0, np.nan, 3.0]).fillna(0)
r = pd.Series([1.0, 2.0, 3.0]).shift(1).dropna()
r = pd.Series([1, 2, 3]).shift(1)
r = pd.Series([1, 2, 3]).diff()
r = pd.Series(["a", "b"]).str.upper()
r = pd.Series(["a", "b"]).str.len().max()
r = pd.Series(["a b", "c d"]).str.split()
r = len(df[df.a > 20])
r = df.iloc[len(df) - 3:].values
r = df.iloc[: int(len(df) * 0.8)]
r = df.iloc[int(len(df) * 0.8):]
r = df[: int(0.7 * len(df))].shape
r = np.array([row["a"] for _, row in df.iterrows()])
r = np.array([row.a for row in df.itertuples()])
r = np.array(df[["a", "b"]])
r = np.array([df.a, df.b])
r = np.stack([df.a, df.b], axis=1)
r = np.column_stack((df[["a", "b"]], s))
r = np.hstack([df[["a"]], df[["b"]]])
r = np.concatenate([df[["a"]], np.zeros((10, 2))], axis=1)
r = np.append(df.a, 5)
r = np.asarray(df.a.tolist())
r = np.isfinite(df.b)
r = np.exp(df[["b"]])
r = np.log1p(df.b)
r = np.maximum(df.a, 3)
r = np.add(df.a, df.b)
r = np.std(df.a)
r = np.std(n, axis=0)
r = np.sum(n, axis=1)
r = np.max(df.a)
r = np.median(df.a)
r = np.argsort(df.a)
r = np.sort(df.a)
r = np.clip(df.a, 2, 4)
r = np.where(df.a > 3, df.a, 0)
r = np.cumsum(n)
r = np.zeros((len(df), df.shape[1]))
r = np.dot(df[["a", "b"]], np.zeros((2, 4)))
r = np.reshape(df.a.values, (2, 5))
r = np.reshape(df.a.values, (3, 5))
r = df.a.values[:, None]
r = df.values.reshape(5, 6)
r = df.values.reshape(5, 7)
r = X[df.a > 3]
r = X[df.a]
r = X[n.x.values.astype(int)]
r = df.a.loc[2:4].values
r = df.loc[[1, 3], ["a"]].values
r = df.loc[2, ["a", "b"]]
r = df.loc[2, "a"]
r = df.iloc[2]["a"]
r = df.iloc[2].a
r = df.iloc[2, :2]
r = df.head(3).values
r = df.tail(1)["a"].values
r = df.a.iloc[-1]
r = df.a[df.a > 2].mean()
r = df["a"]["b"]
r = df[["a"], ["b"]]
r = df.a.b
r = df.flatten()
r = df.a.reshape(2, 5)
r = df.a.flatten()
r = df.a.values.append(3)
r = df.a.append(df.b)
r = df.append(df)
r = df.ix[0]
r = df.as_matrix()
r = df.expand_dims(0)
r = df.col
r = df.sort_values("zz")
r = df.groupby("zz").mean()
r = df.set_index("zz")
r = df.drop(columns="zz")
r = df.merge(n, left_index=True, right_index=True).shape[1]
r = df.merge(pd.DataFrame({"a": [1, 2], "k": [3, 4]}), on="a", how="left")
r = df.join(s.rename("q"))
r = df.corr(numeric_only=True)
r = df.mean(numeric_only=True)
r = df.sum(numeric_only=True)
if df.a > 3: pass
if df: pass
for v in df.a: r = v
for k, v in df.items(): r = v
for i, row in df.iterrows(): r = row
for i in range(0, len(df) - 3): r = df.iloc[i:i + 3].values
for i in range(11): r = df.iloc[i]
for i in range(11): r = df.a[i]
for c in ["a", "b"]: df[c] = df[c].astype("float32"); r = df
for k in range(1, 4): n[f"lag{k}"] = n.x.shift(k); r = n
for k in range(1, 4): n[f"lag{k}"] = n.x.shift(k); r = n.dropna().values
r = s.add_prefix("q_")
r = s.repeat(3)
r = s.repeat([2] * 10)
r = s.searchsorted(0.5)
r = s.searchsorted([0.1, 0.5])
r = s.set_axis(list("abcdefghij"))
r = s.set_axis([1, 2])
r = s.keys()
r = s.divmod(2)[0]
r = s.rpow(2)
r = df.a.rmod(3)
r = 3 % df.a
r = df.a % 3
r = df.a // 2
r = (df.a + 1).rmod(3)
r = n.rfloordiv(2)
r = n.reindex_like(df)
r = s.reindex_like(s[:4])
r = s.align(s)[0]
r = s.case_when([(s > 0.5, 1.0)])
r = s.filter(items=[1, 2])
r = s.nbytes
r = n.to_records()
n.update(n); r = n
n.isetitem(1, 5); r = n
n.isetitem(1, np.arange(10)); r = n.y
r = pd.merge_asof(df[["a", "b"]], df[["a", "c"]], on="a")
r = pd.merge_asof(df[["a", "b"]], df[["a", "c"]], on="a").shape
r = pd.from_dummies(pd.DataFrame({"u": [1, 0], "v": [0, 1]}))
r = df.groupby("a").agg(m=pd.NamedAgg("b", "mean"))
r = t.v.droplevel
r = t.index.max()
r = t.index[2:5]
t.loc[t.index[2:5], "v"] += 1; r = t
r = t[t.index > pd.Timestamp("2024-01-03")]
r = t[t.index >= t.index.min() + pd.Timedelta(days=2)]
r = t.reset_index()["index"].max()
r = t.reset_index()["index"] > t.reset_index()["index"].max() - pd.Timedelta(days=2)
r = pd.Timestamp("2024-01-05") - pd.Timestamp("2024-01-01")
r = pd.Timestamp("2024-01-05") > pd.Timestamp("2024-01-01")
r = df.pivot(index="a", columns="c", values="b").fillna(0)
r = df.pivot_table(index="a", values="b", aggfunc="sum")
r = df.pivot_table(values="b", index="c", columns="a")
""".splitlines()
