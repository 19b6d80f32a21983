"""Kill a process at every point of a flow, run the flow again, and look whether anything was lost or doubled (R1).

`points` counts and kills, `zygote` forks the children, `flows` and `lake_flows` are what runs, `invariants` is what must
hold. A later flow is one class with `prepare`, `act`, `check`, added to `FLOWS`.
"""
