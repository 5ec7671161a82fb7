"""Which attributes the classes of ``torch.nn`` have, and in which module they live: to say that one is not there."""

from __future__ import annotations

from typing import Final

MODULE: Final = frozenset(
    """
    T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches eval
    extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict modules
    mtia named_buffers named_children named_modules named_parameters parameters register_backward_hook register_buffer
    register_forward_hook register_forward_pre_hook register_full_backward_hook register_full_backward_pre_hook
    register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module register_parameter
    register_state_dict_post_hook register_state_dict_pre_hook requires_grad_ set_extra_state set_submodule
    share_memory state_dict to to_empty train training type xpu zero_grad
    """.split()  # noqa: SIM905
)
"""What every module has; names that begin with an underscore are left out here."""

TABLE: Final = """
AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d @ pooling : output_size
AdaptiveLogSoftmaxWithLoss @ adaptive : cutoffs div_value head head_bias head_size in_features log_prob n_classes
    n_clusters predict reset_parameters shortlist_size tail
AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d @ pooling : output_size return_indices
AlphaDropout Dropout Dropout1d Dropout2d Dropout3d FeatureAlphaDropout @ dropout : inplace p
AvgPool1d @ pooling : ceil_mode count_include_pad kernel_size padding stride
AvgPool2d AvgPool3d @ pooling : ceil_mode count_include_pad divisor_override kernel_size padding stride
BCELoss MultiLabelSoftMarginLoss @ loss : reduction weight
BCEWithLogitsLoss @ loss : pos_weight reduction weight
BatchNorm1d BatchNorm2d BatchNorm3d @ batchnorm : affine bias eps momentum num_batches_tracked num_features
    reset_parameters reset_running_stats running_mean running_var track_running_stats weight
Bilinear @ linear : bias in1_features in2_features out_features reset_parameters weight
CELU ELU @ activation : alpha inplace
CTCLoss @ loss : blank reduction zero_infinity
ChannelShuffle @ channelshuffle : groups
CircularPad1d CircularPad2d CircularPad3d ReflectionPad1d ReflectionPad2d ReflectionPad3d ReplicationPad1d
    ReplicationPad2d ReplicationPad3d @ padding : padding
ConstantPad1d ConstantPad2d ConstantPad3d ZeroPad1d ZeroPad2d ZeroPad3d @ padding : padding value
Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d @ conv : bias dilation groups in_channels
    kernel_size out_channels output_padding padding padding_mode reset_parameters stride transposed weight
CosineEmbeddingLoss HingeEmbeddingLoss MarginRankingLoss @ loss : margin reduction
CosineSimilarity @ distance : dim eps
CrossEntropyLoss @ loss : ignore_index label_smoothing reduction weight
CrossMapLRN2d LocalResponseNorm @ normalization : alpha beta k size
DataParallel @ parallel : device_ids dim gather module output_device parallel_apply replicate scatter src_device_obj
Embedding @ sparse : embedding_dim from_pretrained max_norm norm_type num_embeddings padding_idx reset_parameters
    scale_grad_by_freq sparse weight
EmbeddingBag @ sparse : embedding_dim from_pretrained include_last_offset max_norm mode norm_type num_embeddings
    padding_idx reset_parameters scale_grad_by_freq sparse weight
Flatten @ flatten : end_dim start_dim
Fold @ fold : dilation kernel_size output_size padding stride
FractionalMaxPool2d FractionalMaxPool3d @ pooling : kernel_size output_ratio output_size return_indices
GELU @ activation : approximate
GLU LogSoftmax Softmax Softmin @ activation : dim
GRU @ rnn : all_weights batch_first bias bias_hh_l0 bias_ih_l0 bidirectional check_forward_args check_hidden_size
    check_input dropout flatten_parameters get_expected_hidden_size hidden_size input_size mode num_layers
    permute_hidden proj_size reset_parameters weight_hh_l0 weight_ih_l0
GRUCell LSTMCell @ rnn : bias bias_hh bias_ih hidden_size input_size reset_parameters weight_hh weight_ih
GaussianNLLLoss @ loss : eps full reduction
GroupNorm @ normalization : affine bias eps num_channels num_groups reset_parameters weight
Hardshrink Softshrink @ activation : lambd
Hardsigmoid Hardswish Mish ReLU SELU SiLU @ activation : inplace
Hardtanh ReLU6 @ activation : inplace max_val min_val
HuberLoss @ loss : delta reduction
Identity @ linear :
InstanceNorm1d InstanceNorm2d InstanceNorm3d @ instancenorm : affine bias eps momentum num_batches_tracked
    num_features reset_parameters reset_running_stats running_mean running_var track_running_stats weight
KLDivLoss @ loss : log_target reduction
L1Loss MSELoss MultiLabelMarginLoss SoftMarginLoss @ loss : reduction
LPPool1d LPPool2d LPPool3d @ pooling : ceil_mode kernel_size norm_type stride
LSTM @ rnn : all_weights batch_first bias bias_hh_l0 bias_ih_l0 bidirectional check_forward_args check_hidden_size
    check_input dropout flatten_parameters get_expected_cell_size get_expected_hidden_size hidden_size input_size mode
    num_layers permute_hidden proj_size reset_parameters weight_hh_l0 weight_ih_l0
LayerNorm @ normalization : bias elementwise_affine eps normalized_shape reset_parameters weight
LazyBatchNorm1d LazyBatchNorm2d LazyBatchNorm3d @ batchnorm : affine bias cls_to_become eps has_uninitialized_params
    initialize_parameters momentum num_batches_tracked num_features reset_parameters reset_running_stats running_mean
    running_var track_running_stats weight
LazyConv1d LazyConv2d LazyConv3d LazyConvTranspose1d LazyConvTranspose2d LazyConvTranspose3d @ conv : bias
    cls_to_become dilation groups has_uninitialized_params in_channels initialize_parameters kernel_size out_channels
    output_padding padding padding_mode reset_parameters stride transposed weight
LazyInstanceNorm1d LazyInstanceNorm2d LazyInstanceNorm3d @ instancenorm : affine bias cls_to_become eps
    has_uninitialized_params initialize_parameters momentum num_batches_tracked num_features reset_parameters
    reset_running_stats running_mean running_var track_running_stats weight
LazyLinear @ linear : bias cls_to_become has_uninitialized_params in_features initialize_parameters out_features
    reset_parameters weight
LeakyReLU @ activation : inplace negative_slope
Linear @ linear : bias in_features out_features reset_parameters weight
LinearCrossEntropyLoss @ loss : ignore_index label_smoothing linear num_classes options out_features reduction weight
LogSigmoid Sigmoid Softmax2d Softsign Tanh Tanhshrink @ activation :
MaxPool1d MaxPool2d MaxPool3d @ pooling : ceil_mode dilation kernel_size padding return_indices stride
MaxUnpool1d MaxUnpool2d MaxUnpool3d @ pooling : kernel_size padding stride
Module @ module :
ModuleDict @ container : clear items keys pop update values
ModuleList Sequential @ container : append extend insert pop
MultiMarginLoss @ loss : margin p reduction weight
MultiheadAttention @ activation : add_zero_attn batch_first bias_k bias_v dropout embed_dim head_dim in_proj_bias
    in_proj_weight k_proj_weight kdim merge_masks num_heads out_proj q_proj_weight v_proj_weight vdim
NLLLoss NLLLoss2d @ loss : ignore_index reduction weight
PReLU @ activation : init num_parameters reset_parameters weight
PairwiseDistance @ distance : eps keepdim norm
ParameterDict @ container : clear copy fromkeys get items keys pop popitem setdefault update values
ParameterList @ container : append extend
PixelShuffle @ pixelshuffle : upscale_factor
PixelUnshuffle @ pixelshuffle : downscale_factor
PoissonNLLLoss @ loss : eps full log_input reduction
RMSNorm @ normalization : elementwise_affine eps normalized_shape reset_parameters weight
RNN @ rnn : all_weights batch_first bias bias_hh_l0 bias_ih_l0 bidirectional check_forward_args check_hidden_size
    check_input dropout flatten_parameters get_expected_hidden_size hidden_size input_size mode nonlinearity
    num_layers permute_hidden proj_size reset_parameters weight_hh_l0 weight_ih_l0
RNNCell @ rnn : bias bias_hh bias_ih hidden_size input_size nonlinearity reset_parameters weight_hh weight_ih
RReLU @ activation : inplace lower upper
SmoothL1Loss @ loss : beta reduction
Softplus @ activation : beta threshold
SyncBatchNorm @ batchnorm : affine bias convert_sync_batchnorm eps momentum num_batches_tracked num_features
    process_group reset_parameters reset_running_stats running_mean running_var track_running_stats weight
Threshold @ activation : inplace threshold value
Transformer @ transformer : batch_first d_model decoder encoder generate_square_subsequent_mask nhead
TransformerDecoder @ transformer : layers norm num_layers
TransformerDecoderLayer @ transformer : activation dropout dropout1 dropout2 dropout3 linear1 linear2 multihead_attn
    norm1 norm2 norm3 norm_first self_attn
TransformerEncoder @ transformer : enable_nested_tensor layers mask_check norm num_layers use_nested_tensor
TransformerEncoderLayer @ transformer : activation activation_relu_or_gelu dropout dropout1 dropout2 linear1 linear2
    norm1 norm2 norm_first self_attn
TripletMarginLoss @ loss : eps margin p reduction swap
TripletMarginWithDistanceLoss @ loss : distance_function margin reduction swap
Unflatten @ flatten : dim unflattened_size
Unfold @ fold : dilation kernel_size padding stride
Upsample UpsamplingBilinear2d UpsamplingNearest2d @ upsampling : align_corners mode name recompute_scale_factor
    scale_factor size
"""
"""Classes, the module that defines them, and the attributes that they add (PyTorch 2.13)."""


def _read() -> dict[str, tuple[str, frozenset[str]]]:
    found: dict[str, tuple[str, frozenset[str]]] = {}
    for line in TABLE.replace("\n    ", " ").strip().splitlines():
        classes, _, rest = line.partition(" @ ")
        home, _, names = rest.partition(" :")
        for cls in classes.split():
            found[cls] = (home, frozenset(names.split()))
    return found


def is_listed(type_name: str) -> bool:
    """Whether all attributes of a class are known."""
    owner, _, short = type_name.rpartition(".")
    return owner == "torch.nn" and (short == "Module" or short in _read())


def has_member(type_name: str, name: str) -> bool:
    """Whether a class (or any object) may have an attribute of this name."""
    if name.startswith("_") or name in MODULE or not is_listed(type_name):
        return True
    short = type_name.rpartition(".")[2]
    if short == "Module":
        return False
    home, names = _read()[short]
    return (
        name in names
        or (home == "rnn" and name.startswith(("weight_", "bias_")))
        or home in ("container", "transformer")
    )


def full_name(type_name: str) -> str:
    """Where Python says that a class lives: ``torch.nn.modules.activation.ReLU``."""
    owner, _, short = type_name.rpartition(".")
    found = _read().get(short) if owner == "torch.nn" else None
    return type_name if found is None else f"torch.nn.modules.{found[0]}.{short}"
