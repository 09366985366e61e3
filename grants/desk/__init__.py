"""The one reader across stages, for every audience: homes, timeline, case file, worklists. It never writes."""
