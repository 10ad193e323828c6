"""Making suites: new cases, imports, the text of a suite."""
