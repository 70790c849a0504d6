"""Keys people are found by, the judgement who a case is about, what a fact is: values only."""
