"""``good-parts``: nearest patches among features of good parts, learned on photographs."""
