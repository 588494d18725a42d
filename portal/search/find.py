"""The public search: one ranked statement over the index entries of several models.

    hits = find("elukoha vahetus", models=[ComponentPage, Organisation])

The first model weighs a little more. A hit names model and key only; what the reader may see is
the caller's second step: rows of the visible set whose key is among the hits. `hit.partial` says
that not every word was found.
"""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from modelsearch.utils import get_descendant_models
from wagtail.search.models import IndexEntry

from portal.search import question
from portal.search.expression import Node, Term, any_of, fts5, is_one_word, leaves, tsquery
from portal.search.vocabulary import did_you_mean

__all__ = ["Hit", "did_you_mean", "find", "ranked"]

# Ranking is bounded: a common word may stand in every document.
MAX_HITS = 1000
# The first model of the caller's list is what people mostly look for.
FIRST_MODEL = 1.5
# Weighing words by rarity counts every document that holds one of them (60 ms at 100 000), so
# beyond this many the order within titles and within texts is left as it comes.
MAX_WEIGHED = 2000

TITLE, EVERYWHERE, BEGINNINGS = "title", "everywhere", "beginnings"
_FTS_COLUMNS = {TITLE: "title", EVERYWHERE: "title body", BEGINNINGS: "autocomplete"}
# A short title is about the word, a long one only mentions it.
_NORMS = {TITLE: "{}title_norm", EVERYWHERE: "1.0", BEGINNINGS: "1.0"}
_VECTORS = {TITLE: "title", EVERYWHERE: "(title || body)", BEGINNINGS: "autocomplete"}

# Apart, because putting the vectors together costs five times the rank. A weighs ten times D.
_RANK = "ts_rank({}, %s::tsquery, 1)::float8"
_RANKS = {
    TITLE: f"{_RANK.format('title')} + {_RANK.format('body')}",
    EVERYWHERE: f"{_RANK.format('title')} + {_RANK.format('body')}",
    BEGINNINGS: _RANK.format("autocomplete"),
}

# A question and where its words may stand. The first tier that a document answers is its place.
Tier = tuple[Node | None, str]


class Hit(NamedTuple):
    """One found object: `model` is the one of the caller's list, a greater `rank` is better."""

    model: type[models.Model]
    pk: str
    rank: float
    partial: bool = False


def find(
    text: str, *, models: Sequence[type[models.Model]], limit: int = MAX_HITS, typing: bool = False
) -> list[Hit]:
    """Return the hits for what somebody typed, the best first.

    All words in any of their forms; if nothing has them all, unfinished words and compounds taken
    apart; then any of the words, marked `partial`. One statement for each try. `typing` lets the
    last word be a beginning at once, for suggestions.
    """
    strict = question.all_words(text, typing)
    if strict is None or not models:
        return []
    meant = question.meant_words(text)
    tiers: list[Tier] = [(strict, TITLE), (strict, EVERYWHERE)]
    if meant != strict:
        # A synonym never stands above the word itself.
        tiers += [(meant, TITLE), (meant, EVERYWHERE)]
    hits = ranked(tiers, models, limit)
    if hits:
        return hits
    wide = question.wider(text)
    if wide not in (strict, meant):
        hits = ranked([(wide, TITLE), (wide, EVERYWHERE)], models, limit)
        if hits:
            return hits
    loose = question.any_word(text)
    if loose in (strict, meant, wide):
        return []
    tiers = [
        (question.most_words(text), EVERYWHERE),
        (loose, TITLE),
        (loose, EVERYWHERE),
    ]
    return ranked(tiers, models, limit, partial=True)


def ranked(
    tiers: Sequence[Tier],
    models: Sequence[type[models.Model]],
    limit: int = MAX_HITS,
    partial: bool = False,
) -> list[Hit]:
    """Return what answers the tiers, the earlier tier first, then by weight; one statement."""
    by_type = _models_by_type(models)
    write = _postgres if connection.vendor == "postgresql" else _sqlite
    parts, params = [], []
    for place, (node, where) in enumerate(tiers):
        if node is not None:
            sql, values = write(place, node, where, sorted(by_type))
            parts.append(sql)
            params += values
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        rows = cursor.fetchall()
    best: dict[tuple[int, str], tuple[int, float, int]] = {}
    for place, type_id, object_id, weight, entry_id in rows:
        # Smaller is better throughout, as bm25 has it.
        favour = FIRST_MODEL if by_type[type_id] is models[0] else 1.0
        key, standing = (type_id, object_id), (place, weight * favour, entry_id)
        if key not in best or standing < best[key]:
            best[key] = standing
    order = sorted(best.items(), key=itemgetter(1))[:limit]
    return [
        Hit(by_type[type_id], object_id, (len(tiers) - place) * 1000 - weight, partial)
        for (type_id, object_id), (place, weight, _entry_id) in order
    ]


def _models_by_type(models: Sequence[type[models.Model]]) -> dict[int, type[models.Model]]:
    """Return the caller's model for the content type of each of its descendants."""
    found: dict[int, type[Any]] = {}
    for model in models:
        types = ContentType.objects.get_for_models(*get_descendant_models(model))
        for content_type in types.values():
            found.setdefault(content_type.pk, model)
    return found


def _sqlite(place: int, node: Node, where: str, types: list[int]) -> tuple[str, list[Any]]:
    """Return one tier for FTS5: at most a thousand hits, weighed only if its words are rare."""
    entry = IndexEntry._meta.db_table
    fts = f"{entry}_fts"
    marks = ", ".join(["%s"] * len(types))
    # The names come from the model, the rest are parameters. Columns: autocomplete, body, title.
    sql = f"""
        SELECT * FROM (
            SELECT {place} AS place, e.content_type_id, e.object_id,
                {_NORMS[where].format("e.")} * CASE WHEN (
                    SELECT count(*) FROM (SELECT 1 FROM {fts} WHERE {fts} MATCH %s LIMIT %s)
                ) < %s THEN bm25({fts}, 1.0, 1.0, 8.0) ELSE -1.0 END AS weight,
                e.id
            FROM {fts} CROSS JOIN {entry} e ON e.id = {fts}.rowid
            WHERE {fts} MATCH %s AND e.content_type_id IN ({marks})
            LIMIT %s
        )"""  # noqa: S608
    columns = f"{{{_FTS_COLUMNS[where]}}} : "
    words = fts5(any_of(leaves(node)) or node)
    return sql, [
        columns + words,
        MAX_WEIGHED,
        MAX_WEIGHED,
        columns + fts5(node),
        *types,
        MAX_HITS,
    ]


def _postgres(place: int, node: Node, where: str, types: list[int]) -> tuple[str, list[Any]]:
    """Return one tier for tsvector columns, through the combined index of our migration."""
    entry = IndexEntry._meta.db_table
    asked = tsquery(node)
    found, conditions = f"{_VECTORS[where]} @@ %s::tsquery", [asked]
    if where == EVERYWHERE and is_one_word(node):
        # A common word is found in the first rows, before the combined index would pay.
        found, conditions = "(title @@ %s::tsquery OR body @@ %s::tsquery)", [asked, asked]
    sql = f"""
        SELECT * FROM (
            SELECT {place} AS place, content_type_id, object_id,
                -{_NORMS[where].format("")} * ({_RANKS[where]}) AS weight, id
            FROM (
                SELECT * FROM {entry}
                WHERE {found} AND content_type_id = ANY(%s)
                LIMIT %s
            ) AS hits
        ) AS tier_{place}"""  # noqa: S608
    words = tsquery(any_of(leaf for leaf in leaves(node) if isinstance(leaf, Term)) or node)
    weighed = [words] * _RANKS[where].count("%s")
    return sql, [*weighed, *conditions, types, MAX_HITS]
