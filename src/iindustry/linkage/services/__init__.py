"""Use cases of `linkage`: a run, judgements and the queue, acts on enterprises, what a publication records."""

from iindustry.linkage.services.acting import acts_in_force, get_act, list_acts, records_spoken_of
from iindustry.linkage.services.basis import Basis, basis, check_basis
from iindustry.linkage.services.deltas import link_delta
from iindustry.linkage.services.judging import judge, judgements_in_force, withdraw_judgement
from iindustry.linkage.services.looking_up import look_up
from iindustry.linkage.services.modelling import ModelFile, accept_model, learn_model, list_models, model_in_force
from iindustry.linkage.services.planning import preview_merge, preview_split, preview_undo, replan
from iindustry.linkage.services.recording import (
    carry_state,
    change_of,
    current_review,
    deliveries_of,
    earlier_members,
    keep_deliveries,
    load_state,
    record_change,
    record_run,
    redirected,
    refresh_look_ups,
    save_state,
)
from iindustry.linkage.services.reshaping import lock as lock_reshaping
from iindustry.linkage.services.reshaping import propose, take_effect, withdraw_act
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
    "Basis",
    "ClusterView",
    "EdgeView",
    "MemberView",
    "ModelFile",
    "Neighbours",
    "QualityRow",
    "ReviewProgress",
    "accept_model",
    "acts_in_force",
    "basis",
    "carry_state",
    "change_of",
    "check_basis",
    "cluster_of",
    "count_review",
    "count_review_by",
    "current_review",
    "deliveries_of",
    "earlier_members",
    "find_pair",
    "get_act",
    "judge",
    "judgements_in_force",
    "keep_deliveries",
    "learn_model",
    "link",
    "link_delta",
    "list_acts",
    "list_models",
    "list_review",
    "load_state",
    "lock_reshaping",
    "look_up",
    "model_in_force",
    "neighbours",
    "preview_merge",
    "preview_split",
    "preview_undo",
    "propose",
    "record_change",
    "record_run",
    "records_spoken_of",
    "redirected",
    "refresh_look_ups",
    "replan",
    "review_progress",
    "review_quality",
    "save_state",
    "take_effect",
    "withdraw_act",
    "withdraw_judgement",
]
