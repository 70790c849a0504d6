"""What changes approval documents: drafting, the route, deciding, stacks, paper, 文書管理, numbers, the city's rules."""
