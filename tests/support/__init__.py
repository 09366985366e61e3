"""What the tests stand on: databases, brokers, processes, and the outbox run in line."""
