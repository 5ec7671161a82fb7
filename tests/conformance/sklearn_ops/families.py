"""Calls on whole families of estimators, made from templates: what fit, predict, transform and their kin give."""

from __future__ import annotations

PRELUDE = """\
import numpy as np
import warnings
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
from sklearn.metrics.pairwise import *
from sklearn.feature_extraction import *
from sklearn.feature_extraction.text import *
from sklearn.compose import *
from sklearn.model_selection import GridSearchCV, LeaveOneGroupOut, LeavePOut, ParameterGrid, PredefinedSplit
from sklearn.model_selection import cross_val_predict, learning_curve, permutation_test_score, validation_curve
from sklearn.experimental import enable_halving_search_cv
from sklearn.model_selection import HalvingGridSearchCV, ParameterSampler, RandomizedSearchCV, cross_validate
from sklearn.naive_bayes import *
from sklearn.neural_network import *
from sklearn.feature_selection import *
from sklearn.discriminant_analysis import *
from sklearn.gaussian_process import *
from sklearn.mixture import *
from sklearn.isotonic import *
from sklearn.covariance import *
from sklearn.cross_decomposition import *
from sklearn.dummy import *
from sklearn.kernel_approximation import *
from sklearn.kernel_ridge import KernelRidge
from sklearn.manifold import *
from sklearn.multiclass import *
from sklearn.multioutput import *
from sklearn.random_projection import *
from sklearn.semi_supervised import *
from sklearn.calibration import CalibratedClassifierCV, calibration_curve
from sklearn.utils import *
X = np.abs(np.random.rand(60, 4))
X32 = X.astype("float32")
y = np.array([0, 1, 2] * 20)
yb = np.arange(60) % 2
yr = np.random.rand(60) + 0.1
yi = np.arange(1, 61)
y1 = yr.reshape(-1, 1)
Y2 = np.random.rand(60, 2) + 0.1
Yi = np.stack([yb, y], axis=1)
Ym = np.eye(3, dtype=int)[y]
T = np.abs(np.random.rand(7, 4))
counts = np.random.randint(0, 9, (60, 5))
texts = ["one two", "two three three", "four"]
df = pd.DataFrame({"a": range(60), "b": np.random.rand(60), "c": ["x", "y"] * 30})"""

REGRESSORS = [
    "LinearRegression()",
    "Ridge()",
    "Lasso()",
    "ElasticNet()",
    "RidgeCV()",
    "LassoCV(cv=3)",
    "ElasticNetCV(cv=3)",
    "SGDRegressor()",
    "HuberRegressor()",
    "BayesianRidge()",
    "ARDRegression()",
    "MultiTaskLasso()",
    "MultiTaskElasticNet()",
    "GammaRegressor()",
    "PoissonRegressor()",
    "TweedieRegressor()",
    "QuantileRegressor()",
    "Lars()",
    "LarsCV(cv=3)",
    "LassoLars()",
    "LassoLarsCV(cv=3)",
    "LassoLarsIC()",
    "OrthogonalMatchingPursuit()",
    "OrthogonalMatchingPursuitCV(cv=3)",
    "PassiveAggressiveRegressor()",
    "RANSACRegressor()",
    "TheilSenRegressor(max_subpopulation=50)",
    "RandomForestRegressor(3)",
    "ExtraTreesRegressor(3)",
    "GradientBoostingRegressor(n_estimators=3)",
    "HistGradientBoostingRegressor(max_iter=3)",
    "AdaBoostRegressor(n_estimators=3)",
    "BaggingRegressor(n_estimators=3)",
    "SVR()",
    "LinearSVR()",
    "NuSVR()",
    "KNeighborsRegressor()",
    "RadiusNeighborsRegressor(5.0)",
    "DecisionTreeRegressor()",
    "ExtraTreeRegressor()",
    "MLPRegressor(max_iter=2)",
    "KernelRidge()",
    "GaussianProcessRegressor()",
    "DummyRegressor()",
    "PLSRegression(2)",
    "TransformedTargetRegressor(Ridge())",
    "MultiOutputRegressor(Ridge())",
    "RegressorChain(Ridge())",
    "VotingRegressor([('a',Ridge()),('b',Lasso())])",
    "StackingRegressor([('a',Ridge())],cv=3)",
    "CCA(1)",
]
CLASSIFIERS = [
    "LogisticRegression()",
    "LogisticRegressionCV(cv=3)",
    "SGDClassifier()",
    "Perceptron()",
    "RidgeClassifier()",
    "RidgeClassifierCV()",
    "PassiveAggressiveClassifier()",
    "RandomForestClassifier(3)",
    "ExtraTreesClassifier(3)",
    "GradientBoostingClassifier(n_estimators=3)",
    "HistGradientBoostingClassifier(max_iter=3)",
    "AdaBoostClassifier(n_estimators=3)",
    "BaggingClassifier(n_estimators=3)",
    "SVC()",
    "LinearSVC()",
    "NuSVC()",
    "KNeighborsClassifier()",
    "RadiusNeighborsClassifier(5.0)",
    "NearestCentroid()",
    "DecisionTreeClassifier()",
    "ExtraTreeClassifier()",
    "MLPClassifier(max_iter=2)",
    "GaussianNB()",
    "MultinomialNB()",
    "BernoulliNB()",
    "ComplementNB()",
    "LinearDiscriminantAnalysis()",
    "QuadraticDiscriminantAnalysis()",
    "GaussianProcessClassifier()",
    "DummyClassifier()",
    "LabelPropagation()",
    "LabelSpreading()",
    "SelfTrainingClassifier(GaussianNB())",
    "CalibratedClassifierCV(GaussianNB(),cv=3)",
    "OneVsRestClassifier(LogisticRegression())",
    "OneVsOneClassifier(LogisticRegression())",
    "OutputCodeClassifier(LogisticRegression())",
    "MultiOutputClassifier(GaussianNB())",
    "ClassifierChain(LogisticRegression())",
    "VotingClassifier([('a',GaussianNB()),('b',LogisticRegression())])",
    "VotingClassifier([('a',GaussianNB()),('b',LogisticRegression())],voting='soft')",
    "StackingClassifier([('a',GaussianNB())],cv=3)",
]
TRANSFORMERS = [
    "PCA(2)",
    "PCA()",
    "IncrementalPCA(2)",
    "TruncatedSVD()",
    "NMF(2)",
    "FastICA(2)",
    "KernelPCA(2)",
    "SparsePCA(2)",
    "MiniBatchSparsePCA(2)",
    "FactorAnalysis(2)",
    "DictionaryLearning(3,max_iter=2)",
    "MiniBatchDictionaryLearning(3,max_iter=2)",
    "MiniBatchNMF(2)",
    "LatentDirichletAllocation(3)",
    "Isomap()",
    "LocallyLinearEmbedding()",
    "GaussianRandomProjection(3)",
    "SparseRandomProjection(3)",
    "Nystroem(n_components=9)",
    "RBFSampler()",
    "RBFSampler(n_components=20)",
    "AdditiveChi2Sampler()",
    "PolynomialCountSketch(n_components=12)",
    "SkewedChi2Sampler()",
    "SimpleImputer()",
    "KNNImputer()",
    "MissingIndicator(features='all')",
    "PolynomialFeatures(2)",
    "SplineTransformer()",
    "SplineTransformer(n_knots=4,degree=2)",
    "StandardScaler()",
    "MinMaxScaler()",
    "RobustScaler()",
    "MaxAbsScaler()",
    "Normalizer()",
    "Binarizer()",
    "QuantileTransformer(10)",
    "PowerTransformer()",
    "KBinsDiscretizer(3,encode='ordinal')",
    "FeatureAgglomeration(3)",
    "BernoulliRBM(6,n_iter=1)",
    "KMeans(3,n_init=1)",
    "MiniBatchKMeans(3,n_init=1)",
    "Birch()",
    "BisectingKMeans(3)",
    "VarianceThreshold()",
    "FunctionTransformer(np.sqrt)",
    "LatentDirichletAllocation()",
    "FeatureUnion([('a',PCA(2)),('b',StandardScaler())])",
    "make_union(PCA(1),PCA(2))",
]
SELECTORS = [
    "SelectKBest(k=2)",
    "SelectPercentile(percentile=50)",
    "SelectFpr()",
    "SelectFdr()",
    "SelectFwe()",
    "RFE(Ridge(),n_features_to_select=3)",
    "RFECV(Ridge(),cv=3)",
    "SelectFromModel(Ridge())",
    "SequentialFeatureSelector(Ridge(),n_features_to_select=2,cv=3)",
    "LinearDiscriminantAnalysis(n_components=2)",
    "LinearDiscriminantAnalysis()",
    "NeighborhoodComponentsAnalysis(2,max_iter=2)",
    "PLSRegression(2)",
    "GenericUnivariateSelect(mode='k_best',param=2)",
    "TargetEncoder(cv=3)",
]
CLUSTERERS = [
    "KMeans(3,n_init=1)",
    "MiniBatchKMeans(3,n_init=1)",
    "BisectingKMeans(3)",
    "DBSCAN()",
    "HDBSCAN()",
    "OPTICS()",
    "AgglomerativeClustering(3)",
    "SpectralClustering(3)",
    "MeanShift()",
    "Birch()",
    "AffinityPropagation()",
    "GaussianMixture(2)",
    "BayesianGaussianMixture(n_components=2,max_iter=2)",
    "IsolationForest(n_estimators=3)",
    "OneClassSVM()",
    "SGDOneClassSVM()",
    "LocalOutlierFactor()",
    "EllipticEnvelope()",
]

REGRESSIONS = [
    "{e}.fit(X,yr).predict(T)", "{e}.fit(X,y1).predict(T)", "{e}.fit(X,Y2).predict(T)", "{e}.fit(X,yr).predict(T[:,:2])",
    "{e}.fit(X[:,0],yr)", "{e}.fit(X,yr[:5])", "{e}.fit(X,yr).score(X,yr)", "{e}.fit(X,yr).n_features_in_",
]  # fmt: skip
CLASSIFICATIONS = [
    "{e}.fit(X,y).predict(T)", "{e}.fit(X,yb).predict_proba(T)", "{e}.fit(X,y).predict_proba(T)",
    "{e}.fit(X,y).decision_function(T)", "{e}.fit(X,yb).decision_function(T)", "{e}.fit(X,y).classes_",
    "{e}.fit(X,Ym).predict(T)", "{e}.fit(X,y).predict(T[:,:2])", "{e}.fit(X[:,0],y)", "{e}.fit(X,y[:5])",
]  # fmt: skip
TRANSFORMATIONS = [
    "{e}.fit_transform(X)", "{e}.fit(X).transform(T)", "{e}.fit(X32).transform(X32)", "{e}.fit(X).transform(T[:,:2])",
    "{e}.fit_transform(X[0])", "{e}.transform(T)",
]  # fmt: skip
SELECTIONS = ["{e}.fit_transform(X,y)", "{e}.fit(X,y).transform(T)", "{e}.fit(X,y).transform(T[:,:2])"]
CLUSTERINGS = [
    "{e}.fit_predict(X)", "{e}.fit(X).predict(T)", "{e}.fit(X).labels_", "{e}.fit(X).score_samples(T)",
    "{e}.fit(X).decision_function(T)", "{e}.fit(X).predict_proba(T)", "{e}.fit_predict(X[0])",
    "{e}.fit(X).predict(T[:,:2])", "{e}.fit(X).cluster_centers_", "{e}.fit(X).means_",
]  # fmt: skip

SINGLE = """\
NearestNeighbors(n_neighbors=3).fit(X).kneighbors(T)[0]
NearestNeighbors(n_neighbors=3).fit(X).kneighbors(T)[1]
NearestNeighbors().fit(X).kneighbors(T,2,return_distance=False)
NearestNeighbors().fit(X).kneighbors()[1]
NearestNeighbors(n_neighbors=3).fit(X).kneighbors(T[:,:2])
KNeighborsClassifier(3).fit(X,y).kneighbors(T)[0]
KDTree(X).query(T,k=3)[0]
BallTree(X).query(T)[1]
KernelDensity().fit(X).score_samples(T)
KernelDensity().fit(X).sample(6)
KernelDensity().fit(X).score(X)
IsotonicRegression().fit(X[:,0],yr).predict(T[:,0])
IsotonicRegression().fit_transform(X[:,0],yr)
GaussianProcessRegressor().fit(X,yr).predict(T,return_std=True)[1]
GaussianProcessRegressor().fit(X,yr).predict(T,return_cov=True)[1]
GaussianProcessRegressor().fit(X,yr).sample_y(T,3)
BayesianRidge().fit(X,yr).predict(T,return_std=True)[1]
GaussianMixture(2).fit(X).sample(9)[0]
GaussianMixture(2).fit(X).covariances_
GaussianMixture(2).fit(X).weights_
GaussianMixture(2).fit(X).bic(X)
GaussianMixture(2).fit(X32).predict_proba(X32)
EmpiricalCovariance().fit(X).covariance_
LedoitWolf().fit(X).mahalanobis(T)
MinCovDet().fit(X).location_
OAS().fit(X).get_precision()
GraphicalLasso().fit(X).precision_
ledoit_wolf(X)[0]
empirical_covariance(X)
PLSRegression(2).fit(X,Y2).transform(X,Y2)[1]
PLSRegression(2).fit(X,Y2).x_weights_
PLSCanonical(2).fit(X,Y2).transform(T)
CCA(1).fit(X,Y2).fit_transform(X,Y2)[0]
MultiOutputClassifier(GaussianNB()).fit(X,Yi).predict(T)
MultiOutputClassifier(GaussianNB()).fit(X,Yi).predict_proba(T)[1]
OneVsRestClassifier(LogisticRegression()).fit(X,Ym).predict_proba(T)
ClassifierChain(LogisticRegression()).fit(X,Ym).predict_proba(T)
RandomForestClassifier(3).fit(X,Yi).predict(T)
RandomForestClassifier(3).fit(X,Yi).predict_proba(T)[0]
RandomForestClassifier(3).fit(X,y).apply(T)
DecisionTreeClassifier().fit(X,y).apply(T)
DecisionTreeClassifier().fit(X,y).get_depth()
RandomForestRegressor(3).fit(X,yr).feature_importances_
SVC(probability=True).fit(X,y).predict_proba(T)
SVC(decision_function_shape='ovo').fit(X,y).decision_function(T)
LogisticRegression().fit(X,y).intercept_
LogisticRegression().fit(X,yb).coef_
LinearRegression().fit(X,Y2).intercept_
LinearRegression().fit(X,yr).intercept_
Ridge().fit(X,Y2).coef_
SVC(kernel='linear').fit(X,y).coef_
LinearSVC().fit(X,y).coef_
SGDClassifier().fit(X,y).coef_
MLPRegressor((5,3),max_iter=2).fit(X,yr).coefs_[0]
MLPRegressor((5,3),max_iter=2).fit(X,yr).predict(T)
f_classif(X,y)[0]
f_regression(X,yr)[1]
mutual_info_classif(X,y)
mutual_info_regression(X,yr)
chi2(X,y)[1]
r_regression(X,yr)
SelectKBest(k=2).fit(X,y).get_support(indices=True)
SelectKBest(k=2).fit(X,y).scores_
SelectKBest(k=2).fit(X,y).pvalues_
RFE(Ridge(),n_features_to_select=3).fit(X,yr).ranking_
RFE(Ridge(),n_features_to_select=3).fit(X,yr).support_
silhouette_samples(X,y)
pairwise_distances(X,T)
pairwise_distances(X)
pairwise_kernels(X,T)
pairwise_distances_argmin(X,T)
pairwise_distances_argmin_min(X,T)[1]
cosine_distances(X,T)
polynomial_kernel(X,T)
sigmoid_kernel(X,T)
laplacian_kernel(X,T)
chi2_kernel(X,T)
additive_chi2_kernel(X,T)
nan_euclidean_distances(X,T)
haversine_distances(X[:,:2],T[:,:2])
paired_distances(X,X)
paired_euclidean_distances(X,X)
paired_cosine_distances(X,X)
multilabel_confusion_matrix(y,y,labels=[0,1,2])
adjusted_mutual_info_score(y,yb)
homogeneity_score(y,yb)
homogeneity_completeness_v_measure(y,yb)[0]
completeness_score(y,yb)
mutual_info_score(y,yb)
fowlkes_mallows_score(y,yb)
pair_confusion_matrix(y,yb)
ndcg_score(Ym,np.random.rand(60,3))
dcg_score(Ym,np.random.rand(60,3))
label_ranking_loss(Ym,np.random.rand(60,3))
coverage_error(Ym,np.random.rand(60,3))
label_ranking_average_precision_score(Ym,np.random.rand(60,3))
mean_tweedie_deviance(yr,yr)
d2_absolute_error_score(yr,yr)
d2_pinball_score(yr,yr)
d2_tweedie_score(yr,yr)
root_mean_squared_log_error(yr,yr)
class_likelihood_ratios(yb,yb)
mutual_info_score(y,yb[:5])
silhouette_samples(X,y[:5])
get_scorer('accuracy')(LogisticRegression().fit(X,y),X,y)
calibration_curve(yb,np.linspace(0,1,60),n_bins=5)[0]
learning_curve(Ridge(),X,yr,cv=3)[0]
learning_curve(Ridge(),X,yr,cv=3)[1]
learning_curve(Ridge(),X,yr,cv=3,train_sizes=[0.5,1.0])[2]
validation_curve(Ridge(),X,yr,param_name='alpha',param_range=[1,2,3],cv=4)[0]
permutation_test_score(Ridge(),X,yr,cv=3,n_permutations=5)[1]
cross_val_predict(LogisticRegression(),X,y,cv=3,method='predict_proba')
cross_val_predict(LogisticRegression(),X,y,cv=3,method='decision_function')
cross_val_predict(Ridge(),X,Y2,cv=3)
GridSearchCV(make_pipeline(StandardScaler(),SVC(probability=True)),{'svc__C':[1,2]},cv=3).fit(X,y).predict_proba(T)
GridSearchCV(Pipeline([('s',StandardScaler()),('m',SVC())]),{'m__C':[1,2]},cv=3).fit(X,y).best_estimator_.predict(T)
GridSearchCV(Ridge(),{'alpha':[1,2]},cv=3).fit(X,Y2).predict(T)
list(ParameterGrid({'a':[1,2],'b':[3]}))
len(ParameterGrid({'a':[1,2],'b':[3,4,5]}))
PredefinedSplit(yb-1).get_n_splits()
LeavePOut(2).get_n_splits(X)
LeaveOneGroupOut().get_n_splits(X,y,y)
next(iter(LeaveOneGroupOut().split(X,y,y)))[0]
next(iter(LeavePOut(2).split(X)))[1]
next(iter(PredefinedSplit(yb-1).split()))[0]
make_friedman1(30)[0]
make_friedman2(30)[0]
make_friedman3(30)[1]
make_gaussian_quantiles(n_samples=30,n_features=3)[0]
make_hastie_10_2(30)[0]
make_low_rank_matrix(30,6)
make_sparse_uncorrelated(30)[0]
make_spd_matrix(4)
make_sparse_spd_matrix(4)
make_sparse_coded_signal(n_samples=5,n_components=4,n_features=3,n_nonzero_coefs=2)[0]
make_biclusters((8,6),2)[0]
make_checkerboard((8,6),2)[1]
DictVectorizer(sparse=False).fit_transform([{'a':1,'b':2},{'a':3}])
DictVectorizer(sparse=False).fit_transform([{'a':'x','b':2},{'a':'y'}])
FeatureHasher(8).fit_transform([{'a':1},{'b':2}]).toarray()
TfidfTransformer().fit_transform(counts).toarray()
TfidfTransformer().fit(counts).transform(counts[:5]).toarray()
make_pipeline(CountVectorizer(),TfidfTransformer()).fit_transform(texts).toarray()
TfidfVectorizer().fit(texts).idf_
CountVectorizer(ngram_range=(1,2)).fit_transform(texts).toarray()
CountVectorizer(analyzer='char').fit_transform(texts).toarray()
CountVectorizer(binary=True,stop_words=['one']).fit_transform(texts).toarray()
CountVectorizer().fit(texts).get_feature_names_out()
add_dummy_feature(X)
power_transform(X)
quantile_transform(X,n_quantiles=10)
minmax_scale(X)
normalize(X)
scale(X)
binarize(X)
label_binarize(y,classes=[0,1,2])
check_array(X)
check_array([[1,2],[3,4]])
check_array(X[0])
check_array(X.reshape(60,2,2))
check_array(X.reshape(60,2,2),allow_nd=True)
check_array(X[0],ensure_2d=False)
check_array(X,dtype='float32')
check_X_y(X,yr)[1]
check_X_y(X,y1)[1]
check_X_y(X,yr[:5])
column_or_1d(y1)
column_or_1d(Y2)
as_float_array(Ym)
check_random_state(0)
check_consistent_length(X,yr[:5])
assert_all_finite(X)
indexable(X,y)[0]
list(gen_batches(10,4))
len(list(gen_batches(10,4)))
len(list(gen_even_slices(10,4)))
compute_class_weight(class_weight='balanced',classes=np.array([0,1,2]),y=y)
compute_sample_weight('balanced',y)
check_symmetric(X[:4])
safe_sqr(X)
TSNE(perplexity=5).fit_transform(X)
MDS(n_init=1,max_iter=2).fit_transform(X)
SpectralEmbedding(2).fit_transform(X)
trustworthiness(X,X[:,:2])
k_means(X,3,n_init=1)[0]
k_means(X,3,n_init=1)[1]
dbscan(X)[1]
estimate_bandwidth(X)
kmeans_plusplus(X,3)[0]
spectral_clustering(X@X.T,n_clusters=3)
affinity_propagation(X@X.T)[1]
isotonic_regression(yr)
ridge_regression(X,yr,alpha=1.0)
lasso_path(X,yr)[1]
enet_path(X,yr,n_alphas=10,l1_ratio=0.5)[1]
orthogonal_mp(X,yr,n_nonzero_coefs=2)
randomized_svd(X,2)[0]
non_negative_factorization(X,n_components=2)[0]
fastica(X,2)[2]
kneighbors_graph(X,3).toarray()
radius_neighbors_graph(X,0.5).toarray()
johnson_lindenstrauss_min_dim(100,eps=0.5)
l1_min_c(X,y)
export_text(DecisionTreeClassifier().fit(X,y))
is_classifier(SVC())
Pipeline([('s',StandardScaler()),('m',Ridge())]).fit(X,yr)['m'].coef_
Pipeline([('s',StandardScaler()),('m',Ridge())]).fit(X,yr).named_steps['m'].coef_
make_pipeline(PCA(2),KMeans(3,n_init=1)).fit_predict(X)
make_pipeline(StandardScaler(),PCA(2)).fit(X).transform(T[:,:2])
ColumnTransformer([('a',StandardScaler(),slice(0,2))]).fit_transform(X)
ColumnTransformer([('a',StandardScaler(),[True,False,True,False]),('b','passthrough',[1])]).fit_transform(X)
make_column_transformer((PCA(1),[0,1,2]),remainder='passthrough').fit(X).transform(T)
StandardScaler().fit(X).mean_
StandardScaler().fit(X).scale_
MinMaxScaler().fit(X).data_min_
PCA(2).fit(X).explained_variance_
PCA(2).fit(X).mean_
PCA(2).fit(X).get_covariance()
KernelPCA(2).fit(X).eigenvalues_
NMF(2).fit(X).components_
LatentDirichletAllocation(3).fit(X).components_
FastICA(2).fit(X).mixing_
KMeans(3,n_init=1).fit(X).inertia_
KMeans(3,n_init=1).fit(X).score(X)
LabelPropagation().fit(X,y).label_distributions_
permutation_test_score(Ridge(),X,yr,cv=3,n_permutations=5)[0]
fastica(X,2)[0]
fastica(X,2,random_state=0)[1]
non_negative_factorization(X,n_components=2)[1]
sparse_encode(X,np.eye(4))
sparse_encode(X,np.eye(5))
SparseCoder(np.eye(4)).transform(X)
RandomTreesEmbedding(n_estimators=3).fit_transform(X)
RandomTreesEmbedding(n_estimators=3).fit(X).transform(T[:,:2])
KernelCenterer().fit_transform(X@X.T)
KNeighborsTransformer(n_neighbors=3).fit_transform(X).toarray()
KNeighborsTransformer(n_neighbors=3).fit(X).transform(T).toarray()
RadiusNeighborsTransformer(radius=0.5).fit(X).transform(T).toarray()
f_oneway(X[:20],X[20:])[0]
ConfusionMatrixDisplay(np.eye(3)).confusion_matrix
check_increasing(X[:,0],yr)
make_scorer(accuracy_score)
get_scorer('r2')(Ridge().fit(X,yr),X,yr[:5])
check_scoring(Ridge())(Ridge().fit(X,yr),X,yr)
spectral_embedding(np.abs(X@X.T),n_components=3)
locally_linear_embedding(X,n_neighbors=5,n_components=2)[0]
smacof(pairwise_distances(X),n_init=1,max_iter=2)[0]
smacof(pairwise_distances(X),n_components=3,n_init=1,max_iter=2,return_n_iter=True)[0]
mean_shift(X)[0]
mean_shift(X)[1]
affinity_propagation(X@X.T)[0]
shrunk_covariance(np.cov(X.T))
ledoit_wolf_shrinkage(X)
log_likelihood(np.eye(4),np.eye(4))
graphical_lasso(np.cov(X.T),0.1)[1]
fast_mcd(X)[2]
orthogonal_mp(X,Y2,n_nonzero_coefs=2)
ridge_regression(X,Y2,1.0)
lars_path(X,yr)[2]
strip_tags('<b>a</b>')
strip_accents_unicode('e')
X[list(gen_even_slices(60,7))[0]]
X[list(gen_even_slices(60,7))[-1]]
check_scalar(3,'k',int)
len(list(ParameterSampler({'a':[1,2]},1)))
make_column_selector(dtype_include=np.number)(df)
ColumnTransformer([('n',StandardScaler(),make_column_selector(dtype_include=np.number))]).fit_transform(df)
ColumnTransformer([('n',StandardScaler(),lambda frame: ['a','b'])]).fit_transform(df)
make_column_transformer((StandardScaler(),make_column_selector(dtype_exclude=object)),remainder='drop').fit(df[['a','b']]).transform(df[['a','b']])
MultiOutputRegressor(Ridge()).fit(X,Y2).predict(T)
MultiOutputRegressor(Ridge()).fit(X,yr)
RegressorChain(Ridge()).fit(X,Y2).predict(T)
TransformedTargetRegressor(Ridge(),func=np.log1p,inverse_func=np.expm1).fit(X,yr).predict(T)
FunctionTransformer(lambda a: a[:, :2]).fit_transform(X)
FunctionTransformer(np.log1p,validate=True).transform(X[0])
RandomizedSearchCV(Ridge(),{'alpha':[1,2,3]},n_iter=2,cv=3).fit(X,yr).predict(T)
HalvingGridSearchCV(Ridge(),{'alpha':[1,2]},cv=3).fit(X,yr).best_estimator_.coef_
GridSearchCV(Ridge(),{'alpha':[1,2]},cv=3).fit(X,yr).cv_results_['mean_test_score']
GridSearchCV(Ridge(),{'alpha':[1,2]},cv=3).fit(X,yr).score(X,yr)
cross_validate(Ridge(),X,yr,cv=4)['test_score']
cross_validate(Ridge(),X,yr,cv=4,return_train_score=True)['train_score']
cross_validate(Ridge(),X,yr,cv=4,scoring=['r2','neg_mean_squared_error'])['test_r2']"""


def _all() -> list[str]:
    made: list[str] = []
    for estimators, templates in (
        (REGRESSORS, REGRESSIONS),
        (CLASSIFIERS, CLASSIFICATIONS),
        (TRANSFORMERS, TRANSFORMATIONS),
        (SELECTORS, SELECTIONS),
        (CLUSTERERS, CLUSTERINGS),
    ):
        made += ["r = " + text.replace("{e}", one) for one in estimators for text in templates]
    return made + [f"r = {line}" for line in SINGLE.splitlines()]


CASES = _all()
