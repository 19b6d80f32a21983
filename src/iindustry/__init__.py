"""i-Industry: one linked register of enterprises, and the loans and measures that reach them."""

__version__ = "0.1.0"
