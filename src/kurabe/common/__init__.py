"""What every room may use: errors, vocabulary, requests and answers, memory of results, atomic writes."""
