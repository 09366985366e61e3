"""Health, metrics, operations page, demonstration clock."""
