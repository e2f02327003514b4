"""What is known about a customer: found wherever it stands, given out, erased, and forgotten after a while."""
