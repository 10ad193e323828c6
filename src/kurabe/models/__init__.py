"""Models: the registry that ``models.toml`` declares and the engines that answer."""
