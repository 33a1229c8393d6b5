"""The demonstration: a believable year in Zhejiang, told in signed statements."""

from portal.demo.telling import run

__all__ = ["run"]
