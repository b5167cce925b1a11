"""Demo content and the code that loads it."""

DEMO_PASSWORD = "familiar faces 2026"  # noqa: S105 - printed by make demo, for invented people only

# Who may sign in, and what they are there to show.
SIGN_INS = [
    ("maya@demo.example", "owns and manages Willow Lane Nursery"),
    ("fred@demo.example", "leads team sessions there"),
    ("priya@demo.example", "works in its Baby Room"),
    ("noor@demo.example", "works there and at Harbour House"),
    ("omar@demo.example", "owns Harbour House, whose rental ends in 20 days"),
    ("tess@demo.example", "owns Tern Valley Inclusion Team, whose rental has ended"),
    ("lena@demo.example", "owns Little Acorns, which rents nothing yet"),
    ("gwen@demo.example", "pays for five settings of Riverside Nurseries; two have begun"),
    ("elsa@demo.example", "owns Riverside Elm, which Gwen pays for"),
    ("edith@demo.example", "edits the courses"),
    ("stan@demo.example", "provider staff"),
]
