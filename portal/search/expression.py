"""A full-text question as a small tree, and how each database writes it down.

Leaves hold folded letters and digits only (`analysis.tokens`), so nothing a visitor types can be
syntax in either language.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """One word of the index; with `prefix` every word that begins so."""

    text: str
    prefix: bool = False


@dataclass(frozen=True)
class Row:
    """Words that stand in this order, side by side."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """All (`AND`) or any (`OR`) of the nodes."""

    operator: str
    nodes: "tuple[Node, ...]"


@dataclass(frozen=True)
class Without:
    """What matches `node` and not `other`."""

    node: "Node"
    other: "Node"


Node = Term | Row | Group | Without


def all_of(nodes: "Iterable[Node | None]") -> "Node | None":
    """Return the nodes joined by AND; nothing when there are none."""
    return _group("AND", nodes)


def any_of(nodes: "Iterable[Node | None]") -> "Node | None":
    """Return the nodes joined by OR; nothing when there are none."""
    return _group("OR", nodes)


def _group(operator: str, nodes: "Iterable[Node | None]") -> "Node | None":
    kept = tuple(dict.fromkeys(node for node in nodes if node is not None))
    if len(kept) < 2:
        return kept[0] if kept else None
    return Group(operator, kept)


def leaves(node: "Node") -> "list[Term | Row]":
    """Return every word of the question that speaks for a document."""
    if isinstance(node, Group):
        return [leaf for part in node.nodes for leaf in leaves(part)]
    if isinstance(node, Without):
        return leaves(node.node)
    return [node]


def is_one_word(node: "Node") -> bool:
    """Whether one word of a document can answer the question."""
    if isinstance(node, Group):
        return node.operator == "OR" and all(is_one_word(part) for part in node.nodes)
    return isinstance(node, Term)


def fts5(node: "Node") -> str:
    """Return `node` in the query language of SQLite's FTS5."""
    if isinstance(node, Term):
        return f'"{node.text}"*' if node.prefix else f'"{node.text}"'
    if isinstance(node, Row):
        return f'"{" ".join(node.texts)}"'
    if isinstance(node, Without):
        return f"({fts5(node.node)} NOT {fts5(node.other)})"
    return f"({f' {node.operator} '.join(fts5(part) for part in node.nodes)})"


def tsquery(node: "Node") -> str:
    """Return `node` in the text form of PostgreSQL's tsquery."""
    if isinstance(node, Term):
        return f"'{node.text}':*" if node.prefix else f"'{node.text}'"
    if isinstance(node, Row):
        return "(" + " <-> ".join(f"'{text}'" for text in node.texts) + ")"
    if isinstance(node, Without):
        return f"({tsquery(node.node)} & !{tsquery(node.other)})"
    sign = " & " if node.operator == "AND" else " | "
    return f"({sign.join(tsquery(part) for part in node.nodes)})"
