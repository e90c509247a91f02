"""A season as large as it may get, made up: for benchmarks and for operators who try a machine out."""
