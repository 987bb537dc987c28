"""Letters that go on paper, at the desk: printed for one reader at a time, and noted as posted."""
