"""Expert pool, conflicts of interest, draw, scoring, aggregation.

Enters: accepted applications. Leaves: reviewed ones with a result that anybody can recompute from sheets and rubric.
The draw keeps its pool, exclusions and seed; sheets of others are not visible to an expert.
"""
