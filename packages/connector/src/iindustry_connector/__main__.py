"""`python -m iindustry_connector`."""

from iindustry_connector.cli import main

main()
