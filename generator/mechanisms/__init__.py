"""What acts on bodies besides contact: one module for each mechanism, all listed in `registry`.

A mechanism is typed data of a spec (checked, drawn, stored with the pair), and an action: what it does in
one world before and after each step. See `base`.
"""
