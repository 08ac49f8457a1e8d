"""Look into parsed expressions."""


def named(tree: object) -> tuple[str, ...]:
    """Return the names of the questions an expression asks after, each once, in order."""
    return tuple(dict.fromkeys(_named(tree)))


def _named(tree: object) -> list[str]:
    if not isinstance(tree, list | tuple) or not tree:
        return []
    if tree[0] == "ref":
        return [str(tree[1])]
    return [name for part in tree[1:] for name in _named(part)]
