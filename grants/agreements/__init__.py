"""Contracts, instalments, milestones, acceptance (验收). Empty until a definition switches these stages on."""
