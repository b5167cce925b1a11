"""What a setting's people see of their own practice."""
