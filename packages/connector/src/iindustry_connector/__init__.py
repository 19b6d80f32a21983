"""A bank's side of the exchange with i-Industry: keys, signed calls, events, receipts that verify offline.

Invariant: nothing of the platform is imported here; an answer is shown only after its signature and digest were verified.
"""

from iindustry_connector.client import Client, EventResult, FieldValue, Profile
from iindustry_connector.faults import ConnectorError, Refused, Unverified
from iindustry_connector.keys import Keys
from iindustry_connector.receipts import verify_receipt

__all__ = [
    "Client",
    "ConnectorError",
    "EventResult",
    "FieldValue",
    "Keys",
    "Profile",
    "Refused",
    "Unverified",
    "verify_receipt",
]
