"""The same stories at the sandbox and at Stripe itself: what one takes or refuses, the other does too.

``make test`` tells them to the sandbox, ``STRIPE_SECRET_KEY=sk_test_… make test-stripe`` to Stripe. They
may be told there again and again: each run makes orders, customers and invoices of its own.
"""
