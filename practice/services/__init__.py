"""What is written: reflections of one person, plans of a team."""
