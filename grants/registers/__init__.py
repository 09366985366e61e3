"""Evidence from outside behind one port: imported tables with their snapshots. What cannot be read is unknown, never
a refusal."""
