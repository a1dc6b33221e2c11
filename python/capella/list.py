"""The pages of a list: whether another one follows, and how their items become one list."""

from typing import Any


def has_next(body: object, number: int) -> bool:
    """Return whether the cursor of page `number` names a later page."""
    for name in ("cursor", "pages", "next"):
        body = body.get(name) if isinstance(body, dict) else None
    return isinstance(body, int) and body > number


def with_items(body: Any, items: list[Any]) -> Any:  # noqa: ANN401  # JSON
    """Return the body of a list with its items replaced."""
    if not isinstance(body, dict):
        return items
    data = body.get("data")
    return {**body, "data": {**data, "items": items} if isinstance(data, dict) else items}
