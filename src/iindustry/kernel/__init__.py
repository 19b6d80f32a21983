"""Words every package shares: ids with check digits, money, Thai dates, clock, actors, errors.

Invariant: standard library only; nothing here reads a clock, a file or the environment except `clock.SystemClock`
and `ids.new_id`.
"""
