from tests.source_builds.sources import workshop

__all__ = ["workshop"]
