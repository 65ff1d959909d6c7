"""What the use of a thing shows about the library that made it."""

from __future__ import annotations

from lint_rules.analysis.libraries import COLUMNS, FIGURE, FRAME, GRAPH, MODEL, TABLE, TORCH

_CERTAIN_USES = {
    what: type_
    for type_, uses in {
        FRAME: "iterrows itertuples set_index select_dtypes pivot_table melt dtypes [[]] toPandas",
        COLUMNS: "iloc loc groupby drop_duplicates dropna fillna reset_index sort_values "
        "sort_index value_counts to_parquet to_frame isna notna isnull notnull nunique rolling "
        "resample",
        TABLE: "shape ndim reshape flatten ravel argmax argmin argsort astype squeeze tolist "
        "to_numpy [:,]",
        TORCH: "cuda cpu detach state_dict load_state_dict named_parameters",
        MODEL: "predict fit predict_proba fit_transform inverse_transform partial_fit transform "
        "decision_function feature_importances_ feature_names_in_ coef_ intercept_ best_params_ "
        "best_estimator_ best_score_ cv_results_ cluster_centers_ classes_ labels_ "
        "n_features_in_ get_booster save_pretrained get_weights set_weights save_weights "
        "wv most_similar infer_vector docvecs",
        FIGURE: "savefig update_layout update_xaxes update_yaxes add_trace write_html write_image "
        "add_subplot tight_layout",
        "optuna.Study": "best_params best_trial trials_dataframe",
        GRAPH: "add_edges_from add_nodes_from remove_nodes_from add_weighted_edges_from",
    }.items()
    for what in uses.split()
}
_ATTRIBUTES = frozenset(
    "iloc loc dtypes shape ndim wv docvecs [[]] [:,] feature_importances_ feature_names_in_ coef_ "
    "intercept_ best_params_ best_estimator_ best_score_ cv_results_ cluster_centers_ classes_ "
    "labels_ n_features_in_ best_params best_trial".split()
)
"""Those of the certain uses that are no calls."""
_WITH_ARGUMENTS = {
    "merge": {"on", "left_on", "right_on", "how", "left_index", "right_index"},
    "drop": {"columns", "axis", "inplace", "labels"},
    "rename": {"columns", "axis", "inplace"},
    "sample": {"frac", "random_state"},
    "apply": {"axis"},
    "to_dict": {"orient"},
    "to_json": {"orient"},
    "to_csv": {"index", "header", "columns"},
    "to_excel": {"index", "header", "columns"},
    "sum": {"axis"},
    "mean": {"axis"},
}
"""Methods that say with one of some arguments that they are a dataframe's."""
HINTS = frozenset(
    "head tail describe columns merge drop rename sample apply isin std mean corr query assign "
    "unique agg median quantile".split()
)
"""Uses of which two different ones say that something is a dataframe or a series."""


def used_as(what: str, keywords: frozenset[str] | None) -> str | None:
    """The type of something of which this is used, if that is certain.

    Args:
        what: an attribute; `[[]]` for a list as index, `[:,]` for slices of two axes.
        keywords: the names of the arguments if it is called, `None` if it is not known to be.
    """
    if keywords is None:
        return _CERTAIN_USES.get(what) if what in _ATTRIBUTES else None
    if keywords & _WITH_ARGUMENTS.get(what, set()):
        return TABLE if what in ("sum", "mean") else FRAME
    if what in ("predict", "fit", "transform") and "+0" in keywords and len(keywords) == 1:
        # Called without data it may be anything's.
        return None
    return _CERTAIN_USES.get(what) if what not in _ATTRIBUTES else None
