"""The machine interface: other systems, robots and people's own programs do what the screens do, under the screens' rules."""
