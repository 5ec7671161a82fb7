"""The calls that are held against the real scikit-learn."""

from __future__ import annotations

PRELUDE = """\
import numpy as np
import pandas as pd
from sklearn.linear_model import *
from sklearn.ensemble import *
from sklearn.svm import *
from sklearn.neighbors import *
from sklearn.cluster import *
from sklearn.decomposition import *
from sklearn.preprocessing import *
from sklearn.impute import *
from sklearn.pipeline import *
from sklearn.tree import *
from sklearn.datasets import *
from sklearn.metrics import *
from sklearn.feature_extraction.text import *
from sklearn.compose import *
from sklearn.model_selection import cross_val_score, GridSearchCV, train_test_split, KFold
from sklearn.model_selection import TimeSeriesSplit, ShuffleSplit
from sklearn.model_selection import StratifiedKFold
from sklearn.naive_bayes import GaussianNB
from sklearn.neural_network import *
from sklearn.feature_selection import *
from sklearn.discriminant_analysis import *
from sklearn.utils import shuffle, resample
from sklearn.utils.class_weight import compute_class_weight
X = np.random.rand(100, 4)
y = np.random.randint(0, 3, 100)
yb = np.arange(100) % 2
yr = np.random.rand(100)
Y2 = np.random.rand(100, 2)
df = pd.DataFrame({"a": range(100), "b": np.random.rand(100), "c": ["x", "y"] * 50})"""

CASES = """\
r = LinearRegression().fit(X,yr).predict(X)
r = LinearRegression().fit(X,Y2).predict(X)
r = LinearRegression().fit(X,yr[:90])
r = LinearRegression().fit(X[:,0],yr)
r = LinearRegression().fit(X.reshape(100,2,2),yr)
r = LinearRegression().predict(X)
r = LinearRegression().fit(X,yr).predict(X[:,:2])
r = LinearRegression().fit(X,yr).predict(X[0])
r = LinearRegression().fit(X,yr).coef_
r = LinearRegression().fit(X,Y2).coef_
r = LinearRegression().fit(X,yr.reshape(-1,1)).predict(X)
r = LinearRegression().fit(X,yr.reshape(-1,1)).coef_
r = LinearRegression().fit(X,yr).intercept_
r = LogisticRegression().fit(X,y).predict(X)
r = LogisticRegression().fit(X,y).predict_proba(X)
r = LogisticRegression().fit(X,yb).predict_proba(X)
r = LogisticRegression().fit(X,y).decision_function(X)
r = LogisticRegression().fit(X,yb).decision_function(X)
r = LogisticRegression().fit(X,y).coef_
r = LogisticRegression().fit(X,yr)
r = LogisticRegression().fit(X,np.eye(3)[y])
r = LogisticRegression().fit(X,y.reshape(-1,1)).predict(X)
r = RandomForestClassifier(5).fit(X,np.eye(3)[y]).predict(X)
r = RandomForestClassifier(5).fit(X,y).predict_proba(X)
r = RandomForestClassifier(5).fit(X,y).feature_importances_
r = RandomForestRegressor(5).fit(X,yr).predict(X)
r = RandomForestRegressor(5).fit(X,Y2).predict(X)
r = RandomForestRegressor(5).fit(X,yr.reshape(-1,1)).predict(X)
r = RandomForestRegressor(5).fit(X.reshape(100,2,2),yr)
r = SVC().fit(X,y).predict(X)
r = SVC().fit(X,y).predict_proba(X)
r = SVR().fit(X,yr).predict(X)
r = SVR().fit(X,Y2)
r = KNeighborsClassifier().fit(X,y).predict(X)
r = KNeighborsRegressor().fit(X,Y2).predict(X)
r = KMeans(3,n_init=1).fit(X).labels_
r = KMeans(3,n_init=1).fit_predict(X)
r = KMeans(3,n_init=1).fit(X).cluster_centers_
r = KMeans(3,n_init=1).fit_transform(X)
r = KMeans(200,n_init=1).fit(X)
r = DBSCAN().fit_predict(X)
r = PCA(2).fit_transform(X)
r = PCA(10).fit_transform(X)
r = PCA().fit_transform(X)
r = PCA(0.9).fit_transform(X)
r = PCA(2).fit(X).components_
r = PCA(2).fit(X).explained_variance_ratio_
r = PCA(2).fit(X).transform(X[:,:2])
r = PCA(2).fit(X).inverse_transform(X[:,:2])
r = PCA(2).fit(X).inverse_transform(X)
r = PCA(2).transform(X)
r = TruncatedSVD(2).fit_transform(X)
r = SimpleImputer().fit_transform(X)
r = PolynomialFeatures(2).fit_transform(X)
r = PolynomialFeatures(3).fit_transform(X)
r = PolynomialFeatures(2,include_bias=False).fit_transform(X)
r = PolynomialFeatures(2,interaction_only=True).fit_transform(X)
r = KBinsDiscretizer(3).fit_transform(X)
r = FunctionTransformer(np.log1p).fit_transform(X)
r = make_pipeline(StandardScaler(),PCA(2)).fit_transform(X)
r = make_pipeline(StandardScaler(),LinearRegression()).fit(X,yr).predict(X)
r = Pipeline([('s',StandardScaler()),('m',LinearRegression())]).fit(X,yr).predict(X[:,:2])
r = Pipeline([('s',StandardScaler()),('m',LinearRegression())]).predict(X)
r = cross_val_score(LinearRegression(),X,yr,cv=3)
r = cross_val_score(LinearRegression(),X,yr)
r = cross_val_score(LinearRegression(),X,yr[:90])
r = GridSearchCV(SVC(),{'C':[1,2]}).fit(X,y).predict(X)
r = GridSearchCV(SVC(),{'C':[1,2]}).fit(X,y).best_score_
r = CountVectorizer().fit_transform(['a bb cc','bb dd'])
r = TfidfVectorizer().fit_transform(['aa bb cc','bb dd'])
r = TfidfVectorizer(max_features=2).fit_transform(['aa bb cc','bb dd']).toarray()
r = CountVectorizer().fit(['aa bb']).transform(['cc']).toarray()
r = ColumnTransformer([('a',StandardScaler(),[0,1]),('b',MinMaxScaler(),[2])]).fit_transform(X)
r = ColumnTransformer([('a',StandardScaler(),[0,1])],remainder='passthrough').fit_transform(X)
r = GaussianNB().fit(X,y).predict_proba(X)
r = MLPClassifier(max_iter=2).fit(X,y).predict(X)
r = MLPRegressor(max_iter=2).fit(X,yr).predict(X)
r = MLPRegressor(max_iter=2).fit(X,Y2).predict(X)
r = DecisionTreeClassifier().fit(X,y).predict(X)
r = GradientBoostingClassifier(n_estimators=2).fit(X,yb).predict_proba(X)
r = GradientBoostingRegressor(n_estimators=2).fit(X,Y2)
r = IsolationForest(n_estimators=2).fit_predict(X)
r = SelectKBest(k=2).fit_transform(X,y)
r = SelectKBest(k=2).fit(X,y).get_support()
r = VarianceThreshold().fit_transform(X)
r = LinearRegression().fit(X,yr).score(X,yr)
r = LogisticRegression().fit(X,y).score(X,y[:50])
r = LogisticRegression().fit(X,y).classes_
r = Ridge().fit(X,yr).predict(X)
r = Ridge().fit(X,yr.reshape(-1,1)).predict(X)
r = Lasso().fit(X,yr.reshape(-1,1)).predict(X)
r = NearestNeighbors(n_neighbors=3).fit(X).kneighbors(X)[0]
r = LinearDiscriminantAnalysis().fit_transform(X,y)
r = LinearDiscriminantAnalysis(n_components=2).fit(X,y).transform(X)
r = AgglomerativeClustering(3).fit_predict(X)
r = LogisticRegression().fit(X.astype('float32'),y).predict_proba(X.astype('float32'))
r = RandomForestClassifier(3).fit(X,y).predict(X[:,0])
r = LinearRegression().fit(X.astype('float32'),yr.astype('float32')).predict(X.astype('float32'))
r = StandardScaler().fit(X).transform(X[:0])
r = SVC().fit(X,y).predict(X[0:1])
r = SVC().fit(X, np.zeros(100))
r = LogisticRegression().fit(X, np.zeros(100))
r = LogisticRegression().fit(X,yb).fit(X[:,:2],yb).predict(X)
r = train_test_split(X,np.zeros(9))
r = train_test_split(X,test_size=12)
r = train_test_split(X,test_size=1.5)
r = train_test_split(X,test_size=0.8,train_size=0.4)
r = train_test_split(X[:1])
r = train_test_split()
r = train_test_split(X,test_size=8,train_size=5)
r = train_test_split(X,test_size=10)
r = train_test_split(list(range(10)),np.zeros((10,2,3)),train_size=.33)
r = train_test_split(X,shuffle=False,stratify=np.zeros(10))
r = train_test_split(np.zeros(()))
r = train_test_split(X[:2],test_size=0.1)
r = train_test_split(X,train_size=0.05)
r = train_test_split(X,test_size=0)
r = train_test_split(X,test_size=-3)
r = train_test_split(X,train_size=10)
r = OneHotEncoder(sparse=False)
r = OneHotEncoder().fit_transform([[1],[2]])
r = OneHotEncoder().transform([[1]])
r = LabelBinarizer().transform([1])
r = label_binarize([1,2],classes=[1,2,3])
r = list(KFold(11).split(X))
r = list(TimeSeriesSplit(10).split(X))
r = KFold(1)
r = TimeSeriesSplit(1)
r = list(TimeSeriesSplit(5,test_size=3).split(X))
r = list(StratifiedKFold(5).split(X,[0]*8+[1]*2))
r = list(StratifiedKFold(5).split(X,np.random.rand(10)))
r = mean_squared_error(np.zeros(5),np.zeros(4))
r = mean_squared_error(np.zeros(5),np.zeros((5,1)))
r = mean_squared_error(np.zeros((5,2)),np.zeros((5,3)))
r = mean_squared_error(np.zeros((5,2,3)),np.zeros((5,2,3)))
r = accuracy_score(np.zeros(5),np.zeros((5,2)))
r = accuracy_score([0,1],np.array([.3,.6]))
r = accuracy_score([0,1,1],[0,1])
r = confusion_matrix([0,1],[1,2])
r = f1_score([0,1,2],[0,1,2])
r = r2_score(np.zeros(3),np.zeros((3,1,1)))
r = mean_absolute_error(np.zeros((3,4)),np.zeros((3,4)),multioutput='raw_values')
r = accuracy_score(np.array([[0,1],[1,0]]),np.array([[.2,.8],[.4,.6]]))
r = classification_report([0,1],np.array([.2,.4]))
r = roc_auc_score([0,1],[.2,.4])
r = accuracy_score(np.array([0,1]),np.array([[1],[0]]))
r = mean_squared_error(np.zeros((2,3,1)),np.zeros((2,3)))
r = mean_squared_error([1,2],[1,2])
r = precision_recall_curve([0,1],[.2,.3])
r = roc_curve([0,1,1],[.2,.4,.5])
r = precision_recall_fscore_support([0,1,2],[0,1,2])
r = confusion_matrix(np.array([0,1]),np.array([[.1,.9],[.2,.8]]))
r = mean_squared_error(np.zeros((5,1)),np.zeros(4))
ms = MinMaxScaler(); r = ms.fit_transform(X)
ms = MinMaxScaler().fit(X[:, :1]); r = ms.transform(X)
ms = MinMaxScaler().fit(X[:, :1]); r = ms.inverse_transform(X)
ms = MinMaxScaler().fit(X); r = ms.inverse_transform(X[:, :1])
ms = MinMaxScaler().fit(X); r = ms.inverse_transform(X[:, :2])
ms = MinMaxScaler().fit(X); r = ms.inverse_transform(X[:, 0])
ms = MinMaxScaler(); r = ms.fit_transform(X[:, 0])
ms = MinMaxScaler(); r = ms.fit_transform(X.reshape(10, 10, 4))
ms = StandardScaler(); r = ms.fit_transform(X.astype("float32"))
ms = StandardScaler(); r = ms.fit_transform(y.reshape(-1, 1))
ms = StandardScaler(); r = ms.transform(X)
ms = StandardScaler().fit(X); r = ms.mean_
ms = StandardScaler().fit(X); r = ms.transform(X[:, :2])
ms = StandardScaler().fit(X); r = ms.transform(X[0])
ms = StandardScaler().fit(X); r = ms.transform(X[:0])
ms = RobustScaler(); r = ms.fit_transform(X)
ms = MaxAbsScaler().fit(X); r = ms.transform(X[:, :3])
r = Normalizer().transform(X)
r = MinMaxScaler(5)
r = MinMaxScaler(feature_range=(-1, 1)).fit_transform(df)
r = StandardScaler().fit_transform(df[["a"]])
r = StandardScaler().fit_transform(df["a"])
r = StandardScaler().fit_transform(df["a"].values.reshape(-1, 1))
r = StandardScaler(foo=1)
r = train_test_split(X)[0]
r = train_test_split(X)[1]
r = train_test_split(X, y, test_size=0.2)[3]
r = train_test_split(X, y, test_size=0.33)[0]
r = train_test_split(X, y, test_size=7)[0]
r = train_test_split(X, y, train_size=0.7)[1]
r = train_test_split(X, y, train_size=0.5, test_size=0.2)[1]
r = train_test_split(X, y, train_size=0.5, test_size=0.2)[0]
r = train_test_split(X, y, shuffle=False)[0]
r = train_test_split(X, y, stratify=y)[0]
r = train_test_split(X, y, test_size=0.29)[1]
r = train_test_split(X, y, test_size=0.07)[1]
r = train_test_split(df, test_size=0.2)[0]
r = train_test_split(df.a, test_size=0.2)[1]
r = train_test_split(df[["a"]], df["b"])[2]
r = train_test_split(X, y[:90])
r = train_test_split(X, test_size=1.5)
r = train_test_split(X, test_size=120)
r = np.array(train_test_split(list(range(50)), test_size=0.1)[1])
a, b = train_test_split(X, y)
a, b, c, d = train_test_split(X, y, test_size=0.25); r = c
for a, b in KFold(5).split(X): r = X[a]
for a, b in KFold(3).split(X): r = b
for a, b in KFold(3, shuffle=True).split(X, y): r = y[b]
for a, b in TimeSeriesSplit(4).split(X): r = X[a]
for a, b in TimeSeriesSplit(4).split(X): r = X[b]
for a, b in ShuffleSplit(2, test_size=0.25).split(X): r = X[b]
for a, b in KFold(3).split(X, y[:9]): r = b
for a, b in KFold(200).split(X): r = b
r = LabelEncoder().fit_transform(["a", "b", "a"])
r = LabelEncoder().fit_transform(y)
r = LabelEncoder().fit_transform(X)
r = LabelEncoder().transform([1])
r = LabelEncoder().fit(["a", "b"]).classes_
r = LabelEncoder().fit_transform(df["c"])
r = OneHotEncoder(sparse_output=False).fit_transform([["a"], ["b"], ["a"]])
r = OneHotEncoder().fit_transform([["a"], ["b"], ["a"]]).toarray()
r = OneHotEncoder(sparse_output=False).fit_transform(["a", "b"])
r = OneHotEncoder(sparse_output=False).fit_transform(np.array([0, 1, 2]).reshape(-1, 1))
r = OneHotEncoder(sparse_output=False, drop="first").fit_transform([["a"], ["b"], ["c"]])
r = OneHotEncoder(sparse_output=False).fit([["a"], ["b"]]).transform([["a", "b"]])
r = OrdinalEncoder().fit_transform([["a"], ["b"]])
r = LabelBinarizer().fit_transform([1, 2, 3])
r = LabelBinarizer().fit_transform([1, 2])
r = LabelBinarizer().fit_transform(["a", "b", "c", "a"])
r = MultiLabelBinarizer().fit_transform([["a"], ["b", "c"], []])
r = load_iris().data
r = load_iris().target
r = load_iris()["data"]
r = load_iris().target_names
r = load_iris(return_X_y=True)[1]
r = load_iris(as_frame=True).frame
r = load_iris(as_frame=True).data
r = load_iris(as_frame=True).target
r = load_digits().images
r = load_digits().data
r = load_digits(n_class=3).data
r = load_diabetes().target
r = load_wine().data
r = load_breast_cancer().data
r = load_breast_cancer(as_frame=True).data["mean radius"]
r = make_classification(n_samples=50, n_features=6, n_informative=4, n_classes=3)[0]
r = make_classification()[1]
r = make_regression(30, 4)[1]
r = make_regression(30, 4, n_targets=2)[1]
r = make_blobs(40, centers=3)[0]
r = make_moons(30)[0]
r = make_circles(30)[1]
r = accuracy_score(y, np.zeros((100, 3)))
r = accuracy_score(y, y[:50])
r = confusion_matrix([0, 1, 2], [0, 1, 1])
r = mean_squared_error(yr, yr[:5])
r = mean_squared_error(yr, yr.reshape(-1, 1))
r = mean_squared_error(Y2, X)
r = mean_squared_error(X.reshape(10, 10, 4), X.reshape(10, 10, 4))
r = mean_absolute_error(Y2, Y2, multioutput="raw_values")
r = shuffle(X, y)[0]
r = shuffle(X)
r = resample(X, n_samples=30)
r = resample(X, y, n_samples=200)[1]
r = compute_class_weight("balanced", classes=np.unique([0, 1, 1]), y=[0, 1, 1])
r = X[train_test_split(np.arange(100))[0]]
""".splitlines()
