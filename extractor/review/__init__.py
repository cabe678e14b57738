"""Review as pure functions: the state that a draft and its events give, and what an operation would change."""
