"""What people and Stripe may ask of renting."""
