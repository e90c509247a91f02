"""Benchmarks: figures as ratios to a bare view in the same run."""
