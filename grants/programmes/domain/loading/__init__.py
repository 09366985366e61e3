"""From the text of a definition to a compiled ``Definition``; every fault is collected, none stops the reading."""
