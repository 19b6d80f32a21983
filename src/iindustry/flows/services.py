"""Use cases of `flows`, by name: progress of long work, the build, the parties, the snapshots."""

from iindustry.flows.building import (
    BuildReport,
    Handover,
    build_register,
    deliver_all,
    evaluate,
    peak_mib,
    standard_records,
    within,
)
from iindustry.flows.measuring import measure
from iindustry.flows.parties import set_up_parties
from iindustry.flows.returns import Returned, give_back
from iindustry.flows.snapshots import Imported, import_history, snapshot_applications, snapshot_ministry
from iindustry.flows.works import (
    Outcome,
    PhaseDone,
    Steps,
    WorkView,
    begin,
    latest_work,
    list_work,
    progress_of,
    running,
)

__all__ = [
    "BuildReport",
    "Handover",
    "Imported",
    "Outcome",
    "PhaseDone",
    "Returned",
    "Steps",
    "WorkView",
    "begin",
    "build_register",
    "deliver_all",
    "evaluate",
    "give_back",
    "import_history",
    "latest_work",
    "list_work",
    "measure",
    "peak_mib",
    "progress_of",
    "running",
    "set_up_parties",
    "snapshot_applications",
    "snapshot_ministry",
    "standard_records",
    "within",
]
