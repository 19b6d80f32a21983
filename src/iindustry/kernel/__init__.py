"""Words every package shares: ids with check digits, money, Thai dates, clock, actors, errors, key files.

Invariant: standard library only; nothing here reads a clock, a file or the environment except `clock.SystemClock`,
`ids.new_id`, `home.current_version` and `keyfiles.kept`.
"""
