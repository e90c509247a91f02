"""Small tools that know nothing of nominations: clock, verdicts, doors, the record, the outbox, storage."""
