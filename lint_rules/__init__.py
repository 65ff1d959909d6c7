"""metaflow-lint: reads Metaflow flows without running them, and says where they break the guide."""

__version__ = "0.1.0"
