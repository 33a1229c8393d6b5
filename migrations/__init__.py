"""The only place that makes or alters tables."""

from migrations.run import check, migrate

__all__ = ["check", "migrate"]
