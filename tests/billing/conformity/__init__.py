"""Two gates on every request that leaves for Stripe, and one on every answer of the sandbox.

What the sandbox understands is our own idea of Stripe. These gates hold it, and the requests of the product,
against what Stripe itself publishes: the types of stripe-python (twins.py) and its OpenAPI document
(openapi.py). guard.py hangs both into the transport, for every test.
"""
