"""Directors and signing rules: personal data."""
