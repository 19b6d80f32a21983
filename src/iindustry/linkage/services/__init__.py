"""Use cases of `linkage`: a run, judgements and the queue, acts on enterprises, what a publication records."""

from iindustry.linkage.services.deltas import link_delta
from iindustry.linkage.services.judging import judge, judgements_in_force, withdraw_judgement
from iindustry.linkage.services.looking_up import look_up
from iindustry.linkage.services.recording import (
    carry_state,
    current_review,
    earlier_members,
    load_state,
    record_change,
    record_run,
    redirected,
    reshaped,
    save_state,
)
from iindustry.linkage.services.reshaping import (
    acts_in_force,
    get_act,
    list_acts,
    preview_merge,
    preview_split,
    preview_undo,
    propose,
    replan,
    take_effect,
    withdraw_act,
)
from iindustry.linkage.services.reshaping import lock as lock_reshaping
from iindustry.linkage.services.reviewing import (
    Neighbours,
    QualityRow,
    ReviewProgress,
    count_review,
    count_review_by,
    find_pair,
    list_review,
    neighbours,
    review_progress,
    review_quality,
)
from iindustry.linkage.services.running import link
from iindustry.linkage.services.viewing import ClusterView, EdgeView, MemberView, cluster_of

__all__ = [
    "ClusterView",
    "EdgeView",
    "MemberView",
    "Neighbours",
    "QualityRow",
    "ReviewProgress",
    "acts_in_force",
    "carry_state",
    "cluster_of",
    "count_review",
    "count_review_by",
    "current_review",
    "earlier_members",
    "find_pair",
    "get_act",
    "judge",
    "judgements_in_force",
    "link",
    "link_delta",
    "list_acts",
    "list_review",
    "load_state",
    "lock_reshaping",
    "look_up",
    "neighbours",
    "preview_merge",
    "preview_split",
    "preview_undo",
    "propose",
    "record_change",
    "record_run",
    "redirected",
    "replan",
    "reshaped",
    "review_progress",
    "review_quality",
    "save_state",
    "take_effect",
    "withdraw_act",
    "withdraw_judgement",
]
