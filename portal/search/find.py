"""The public search: one ranked statement over the index entries of several models, one to read.

    hits = find("elukoha vahetus", models=[ComponentPage, Organisation])

The database names the likely documents (bounded, whatever their number), `ranking` puts the first
of them in order. The first model weighs a little more. A hit names model and key only; what the
reader may see is the caller's second step: rows of the visible set whose key is among the hits.
`hit.partial` says that not every word was found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from modelsearch.utils import get_descendant_models
from wagtail.search.models import IndexEntry

from portal.search import question, ranking
from portal.search.expression import Node, Term, any_of, fts5, is_one_word, leaves, tsquery
from portal.search.question import Asked
from portal.search.vocabulary import corrections, did_you_mean

__all__ = ["Hit", "did_you_mean", "find", "ranked"]

# Ranking is bounded: a common word may stand in every document.
MAX_HITS = 1000
# Weights stay far below this, so that a tier stands apart from the next.
APART = 1_000_000
# So many of them are read and put in order.
MAX_READ = 80
# Of what has only some of the words: how good it must be beside the best.
WORTH_A_LOOK = 0.2
# The first model of the caller's list is what people mostly look for.
FIRST_MODEL = 1.15
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


class _Row(NamedTuple):
    """One likely document: where it stands in the index, and the tier that it answered first."""

    model: type[models.Model]
    pk: str
    entry_id: int
    tier: int
    weight: float
    text: ranking.Text | None


@dataclass
class _Found:
    """The hits in their order, and the texts of those that were read."""

    hits: list[Hit]
    texts: list[ranking.Text]


def find(
    text: str, *, models: Sequence[type[models.Model]], limit: int = MAX_HITS, typing: bool = False
) -> list[Hit]:
    """Return the hits for what somebody typed, the best first.

    What has all the words, in any form or as our texts call it; then what has most or some of them,
    marked `partial`, as far as it is worth a look. A word that no document knows is taken for the
    one that it may be a mistyped form of. `typing` lets the last word be a beginning.
    """
    said = question.asked(text)
    if not said or not models:
        return []
    found = _find(said, models, typing)
    odd = [] if typing else ranking.unanswered(said, found.texts)
    instead = corrections(odd) if odd else {}
    if instead:
        found = _find(question.corrected(text, said, instead), models, typing)
    return found.hits[:limit]


def _find(said: tuple[Asked, ...], models: Sequence[type[models.Model]], typing: bool) -> _Found:
    """The likely documents and the texts of the likeliest; more statements only if one is empty."""
    nodes = dict.fromkeys((question.strict(said, typing), question.in_our_words(said, typing)))
    whole: list[Tier] = [(node, where) for node in nodes for where in (TITLE, EVERYWHERE)]
    # A single word needs no more if it is found, of several any may lead nowhere.
    rows = _rows(whole, models) if len(said) == 1 else []
    if not rows:
        some = question.any_of_them(said)
        most: list[Tier] = [(question.most(said), EVERYWHERE)]
        rows = _rows([*whole, *most, (some, TITLE), (some, EVERYWHERE)], models)
    if not rows:
        rows = _rows([(question.any_at_all(said), EVERYWHERE)], models)
    return _in_order(said, rows, models[0], len(whole), typing)


def _in_order(
    said: tuple[Asked, ...],
    rows: list[_Row],
    first: type[models.Model],
    whole: int,
    typing: bool,
) -> _Found:
    """Judge the rows that were read; `whole` tiers hold what has all the words."""
    likely = [row for row in rows if row.text is not None]
    read = [row.text for row in likely if row.text is not None]
    judged = [
        (answer.score * _favour(row.model, first), row, answer.is_whole)
        for row, answer in zip(likely, ranking.answers(said, read, typing), strict=True)
    ]
    judged.sort(key=lambda one: (-one[0], one[1].entry_id))
    best = judged[0][0] if judged else 0.0
    hits = [
        Hit(row.model, row.pk, 1 + score, not is_whole)
        for score, row, is_whole in judged
        if is_whole or score >= best * WORTH_A_LOOK
    ]
    # Of a common word there are more; they stand as the database weighs them.
    more = [row for row in rows if row.text is None and row.tier < whole]
    hits += [Hit(row.model, row.pk, 1 / (2 + place)) for place, row in enumerate(more)]
    return _Found(hits, read)


def _favour(model: type[models.Model], first: type[models.Model]) -> float:
    """How much is made of a document of `model`; a model may say so by its `search_weight`."""
    return FIRST_MODEL if model is first else getattr(model, "search_weight", 1.0)


def ranked(
    tiers: Sequence[Tier], models: Sequence[type[models.Model]], limit: int = MAX_HITS
) -> list[Hit]:
    """Return what answers the tiers, the earlier tier first, then by weight; one statement."""
    return [
        Hit(row.model, row.pk, (len(tiers) - row.tier) * 1000 - row.weight)
        for row in _rows(tiers, models, read=0)[:limit]
    ]


def _rows(
    tiers: Sequence[Tier], models: Sequence[type[models.Model]], read: int = MAX_READ
) -> list[_Row]:
    """One statement: each document once, in the first tier that it answers; the first with texts.

    Smaller weights are better, as bm25 has it.
    """
    by_type = _models_by_type(models)
    write = _postgres if connection.vendor == "postgresql" else _sqlite
    parts, params = [], []
    for place, (node, where) in enumerate(tiers):
        if node is not None:
            sql, values = write(place, node, where, sorted(by_type))
            parts.append(sql)
            params += values
    if not parts:
        return []
    entry = IndexEntry._meta.db_table
    columns = {field.name for field in IndexEntry._meta.fields}
    # PostgreSQL keeps the readable texts beside the vectors.
    title, body = ("title_text", "body_text") if "title_text" in columns else ("title", "body")
    first_type = next(key for key, model in by_type.items() if model is models[0])
    # The names come from the model, the rest are numbers of ours and parameters.
    statement = f"""
        WITH found AS ({" UNION ALL ".join(parts)}),
        best AS (
            SELECT id, content_type_id, object_id, MIN({APART} * place
                + weight * CASE WHEN content_type_id = %s THEN {FIRST_MODEL} ELSE 1.0 END
            ) AS standing
            FROM found GROUP BY id, content_type_id, object_id
        ),
        numbered AS (SELECT best.*, ROW_NUMBER() OVER (ORDER BY standing, id) AS n FROM best)
        SELECT numbered.content_type_id, numbered.object_id, numbered.id, standing,
            CASE WHEN n <= %s THEN e.{title} END, CASE WHEN n <= %s THEN e.{body} END
        FROM numbered JOIN {entry} e ON e.id = numbered.id ORDER BY n"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, first_type, read, read])
        found = cursor.fetchall()
    rows = []
    for place, (type_id, object_id, entry_id, standing, title, body) in enumerate(found):
        tier = round(standing / APART)
        text = ranking.Text.of(title or "", body or "") if place < read else None
        rows.append(
            _Row(by_type[type_id], object_id, entry_id, tier, standing - tier * APART, text)
        )
    return rows


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
