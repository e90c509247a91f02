"""Complete, valid answers to each form of the season of 2022 besides 先导技术榜, for tests to start from."""

from reviews.load.samples import CASES, full

__all__ = ["CASES", "full"]
