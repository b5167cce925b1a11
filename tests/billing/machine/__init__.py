"""Renting, driven at random: what people, payers, banks, staff and time can do, one file for each."""
