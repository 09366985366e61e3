"""What ``make bench`` measures: each figure of ours beside its bare limit, both taken in the same run."""
