"""Stripe's stand-in where there is no key: same bytes out, same shapes back, no money and no sockets."""
