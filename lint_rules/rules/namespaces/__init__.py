"""Rules MF6: namespaces."""
