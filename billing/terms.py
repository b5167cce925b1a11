"""Which text of the terms of renting is in force.

Change the version whenever templates/billing/terms.html says something else; each order keeps the version
that was accepted, when, and by whom.
"""

TERMS_VERSION = "2026-11"
