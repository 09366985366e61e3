"""Records to test with, made through the services where a service makes them; one module per stage, reused by those
above."""
