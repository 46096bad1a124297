"""Synthetic counterfactual video: one scene, two worlds, filmed by one camera."""

__version__ = "0.1.0"
