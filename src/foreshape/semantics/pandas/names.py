"""Which attributes and methods pandas' own classes have: a name that is none of them is told from one not followed.

Taken from pandas 3.1; those that only earlier versions have are named as well.
"""

from __future__ import annotations

from typing import Final


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DATAFRAME: Final = words(
    """
    T abs add add_prefix add_suffix agg aggregate align all any append apply applymap as_matrix asfreq asof
    assign astype at at_time attrs axes backfill between_time bfill blocks bool boxplot clip clip_lower
    clip_upper columns combine combine_first compare consolidate convert_dtypes copy corr corrwith count cov
    cummax cummin cumprod cumsum describe diff div divide dot drop drop_duplicates droplevel dropna dtypes
    duplicated empty eq equals eval ewm expanding explode ffill fillna filter first first_valid_index flags
    floordiv from_arrow from_csv from_dict from_items from_records ftypes ge get get_dtype_counts
    get_ftype_counts get_value groupby gt head hist iat idxmax idxmin iloc index infer_objects info insert
    interpolate is_copy isetitem isin isna isnull items iteritems iterrows itertuples ix join keys kurt kurtosis
    last last_valid_index le loc lookup lt mad map mask max mean median melt memory_usage merge min mod mode mul
    multiply ndim ne nlargest notna notnull nsmallest nunique order pad pct_change pipe pivot pivot_table plot
    pop pow prod product quantile query radd rank rdiv reindex reindex_like rename rename_axis reorder_levels
    replace resample reset_index rfloordiv rmod rmul rolling round rpow rsub rtruediv sample select
    select_dtypes sem set_axis set_flags set_index set_value shape shift size skew slice_shift sort sort_index
    sort_values sortlevel sparse squeeze stack std style sub subtract sum swapaxes swaplevel tail take
    to_clipboard to_csv to_dict to_excel to_feather to_gbq to_hdf to_html to_iceberg to_json to_latex
    to_markdown to_msgpack to_numpy to_orc to_panel to_parquet to_period to_pickle to_records to_sql to_stata
    to_string to_timestamp to_xarray to_xml transform transpose truediv truncate tshift tz_convert tz_localize
    unstack update value_counts values var where xs
    """
)
SERIES: Final = words(
    """
    T abs add add_prefix add_suffix agg aggregate align all any append apply argmax argmin argsort array
    as_matrix asfreq asobject asof astype at at_time attrs autocorr axes backfill base between between_time
    bfill blocks bool case_when cat clip clip_lower clip_upper combine combine_first compare compress
    convert_dtypes copy corr count cov cummax cummin cumprod cumsum data describe diff div divide divmod dot
    drop drop_duplicates droplevel dropna dt dtype dtypes duplicated empty eq equals ewm expanding explode
    factorize ffill fillna filter first first_valid_index flags floordiv from_array from_arrow ftype ftypes ge
    get get_value get_values groupby gt hasnans head hist iat idxmax idxmin iloc imag index infer_objects info
    interpolate is_copy is_monotonic is_monotonic_decreasing is_monotonic_increasing is_unique isin isna isnull
    item items itemsize iteritems ix keys kurt kurtosis last last_valid_index le list loc lt mad map mask max
    mean median memory_usage min mod mode mul multiply name nbytes ndim ne nlargest nonzero notna notnull
    nsmallest nunique order pad pct_change pipe plot pop pow prod product ptp put quantile radd rank ravel rdiv
    rdivmod real reindex reindex_like rename rename_axis reorder_levels repeat replace resample reset_index
    rfloordiv rmod rmul rolling round rpow rsub rtruediv sample searchsorted select sem set_axis set_flags
    set_value shape shift size skew slice_shift sort sort_index sort_values sortlevel sparse squeeze std str
    strides struct sub subtract sum swapaxes swaplevel tail take to_clipboard to_csv to_dict to_excel to_frame
    to_hdf to_json to_latex to_list to_markdown to_numpy to_period to_pickle to_sql to_string to_timestamp
    to_xarray tolist transform transpose truediv truncate tshift tz_convert tz_localize unique unstack update
    valid value_counts values var view where xs
    """
)
INDEX: Final = words(
    """
    T add_categories all any append argmax argmin argsort array as_ordered as_unit as_unordered asfreq asi8 asof
    asof_locs astype categories ceil closed closed_left closed_right codes components contains copy date day
    day_name day_of_week day_of_year dayofweek dayofyear days days_in_month daysinmonth delete diff difference
    drop drop_duplicates droplevel dropna dtype dtypes duplicated empty end_time equal_levels equals factorize
    fillna floor format freq freqstr from_arrays from_breaks from_fields from_frame from_ordinals from_product
    from_range from_tuples get_indexer get_indexer_for get_indexer_non_unique get_level_values get_loc
    get_loc_level get_locs get_slice_bound get_value get_values groupby has_duplicates hasnans hour identical
    indexer_at_time indexer_between_time infer_objects inferred_freq inferred_type insert intersection is_
    is_all_dates is_boolean is_categorical is_empty is_floating is_full is_integer is_interval is_leap_year
    is_mixed is_monotonic is_monotonic_decreasing is_monotonic_increasing is_month_end is_month_start
    is_non_overlapping_monotonic is_normalized is_numeric is_object is_overlapping is_quarter_end
    is_quarter_start is_type_compatible is_unique is_year_end is_year_start isin isna isnull isocalendar item
    itemsize join left length levels levshape map max mean median memory_usage microsecond microseconds mid min
    minute month month_name name names nanosecond nanoseconds nbytes ndim nlevels normalize notna notnull
    nunique open_left open_right ordered overlaps putmask quarter qyear ravel reindex remove_categories
    remove_unused_categories remove_unused_levels rename rename_categories reorder_categories reorder_levels
    repeat replace resolution right round searchsorted second seconds set_categories set_closed set_codes
    set_levels set_names set_value shape shift size slice_indexer slice_locs snap sort_values sortlevel start
    start_time std step stop str strftime strides sum summary swaplevel symmetric_difference take time timetz
    to_flat_index to_frame to_julian_date to_list to_native_types to_numpy to_period to_perioddelta
    to_pydatetime to_pytimedelta to_series to_timestamp to_tuples tolist total_seconds transpose truncate tz
    tz_convert tz_localize tzinfo union unique unit value_counts values view week weekday weekofyear where year
    """
)
GONE_IN_2: Final = words(
    """
    append as_matrix blocks ftypes get_value is_monotonic iteritems ix lookup mad order set_value slice_shift
    sort tshift
    """
)
GONE_IN_3: Final = words(
    """
    applymap backfill bool first last pad ravel swapaxes view
    """
)
"""Names that later versions do not have any more."""
