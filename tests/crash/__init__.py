"""Kill a process at every point of a flow, run the flow again, and look whether anything was lost or doubled (R1).

`points` counts and kills, `zygote` forks the children, `invariants` is what must hold. `flows` and `lake_flows` run one
after another in one world: a later one is a class with `prepare`, `act`, `check`, added to `FLOWS`. `register_flows` each
begin from a world that `staged` kept, and end as `picture` shows the same flow when nobody kills it: a later one is one line.
"""
