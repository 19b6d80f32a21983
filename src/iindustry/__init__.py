"""i-Industry: one linked register of enterprises, and the loans and measures that reach them."""
