"""Use cases of `exchange`: register a bank's system, give it a token, answer its calls, take its events, tell it news."""

from iindustry.exchange.services.clients import (
    ClientCard,
    find_party,
    list_clients,
    pause_client,
    register_client,
    revoke_key,
)
from iindustry.exchange.services.entrance import Caller, admit, hub_address, note_call, note_refusal
from iindustry.exchange.services.feed import read_feed
from iindustry.exchange.services.keys import ServerKeys, public_jwks, server_keys
from iindustry.exchange.services.loan_events import BatchAnswer, Result, receive_events
from iindustry.exchange.services.once import forget_expired
from iindustry.exchange.services.outbox import Announced, announce, list_for_member
from iindustry.exchange.services.profiles import ProfileAnswer, profile
from iindustry.exchange.services.state import health_of_services, summarise_refusals
from iindustry.exchange.services.tokens import IssuedToken, TokenRequest, issue_token

__all__ = [
    "Announced",
    "BatchAnswer",
    "Caller",
    "ClientCard",
    "IssuedToken",
    "ProfileAnswer",
    "Result",
    "ServerKeys",
    "TokenRequest",
    "admit",
    "announce",
    "find_party",
    "forget_expired",
    "health_of_services",
    "hub_address",
    "issue_token",
    "list_clients",
    "list_for_member",
    "note_call",
    "note_refusal",
    "pause_client",
    "profile",
    "public_jwks",
    "read_feed",
    "receive_events",
    "register_client",
    "revoke_key",
    "server_keys",
    "summarise_refusals",
]
