"""Runs the call's rules over a frozen revision with evidence, keeps every finding, and lets an officer decide.

Enters: ``application.submitted``. Leaves: accepted, returned or rejected applications, each with who, why and under
which clause. A machine proposes and a person decides: no run changes more than submitted -> checked.
"""
