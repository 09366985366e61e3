"""The programming interface, above every stage."""
