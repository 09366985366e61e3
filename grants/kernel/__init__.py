"""Pure ground: errors, money, time, working days, lifecycles, verdicts, actors and the rule language.

Imports no framework.
"""
