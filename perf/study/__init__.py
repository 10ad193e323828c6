"""The articles' study in miniature: ``run`` asks the models, ``write`` makes the page of what that left."""
