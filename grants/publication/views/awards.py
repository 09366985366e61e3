"""Award lists and open data for everybody."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from grants.db import db, transactional
from grants.kernel.districts import DISTRICTS
from grants.publication import presenters, queries
from grants.publication.domain import Published, figures_of, read_content, rows_of, status_of
from grants.publication.views.blueprint import FORMATS, bp, content_of, file_of
from grants.web.guards import public

PER_PAGE = 100


@bp.route("/awards")
@public
@transactional
def list_awards() -> ResponseReturnValue:
    """Released lists, the latest first."""
    page = queries.page_of_award_lists(db.session(), after=request.args.get("after"), before=request.args.get("before"))
    return render_template("publication/list_awards.html", page=page)


@bp.route("/awards/<ref>")
@public
@transactional
def award_list(ref: str) -> ResponseReturnValue:
    """A list: figures, downloads, items, how they spread, fingerprint. Filters and order in the query string."""
    found = queries.get_released_list(db.session(), ref)
    published = read_content(found.content)
    figures, rows = figures_of(published), _rows(published)
    start = min(max(request.args.get("from", 0, type=int), 0), len(rows))
    return render_template(
        "publication/award_list.html",
        award_list=found,
        published=published,
        figures=figures,
        rows=rows[start : start + PER_PAGE],
        start=start,
        matching=len(rows),
        per_page=PER_PAGE,
        share=presenters.share_text(figures.count, published.applications),
        bars=presenters.category_bars(figures),
        districts={code: DISTRICTS.get(code, code) for code in figures.by_district},
        asked=_asked(),
    )


@bp.route(f"/awards/<ref>.<{FORMATS}:kind>")
@public
@transactional
def award_list_file(ref: str, kind: str) -> ResponseReturnValue:
    """A list as a file."""
    return file_of(queries.get_released_list(db.session(), ref), kind)


@bp.route("/awards/<ref>/content.json")
@public
@transactional
def award_list_content(ref: str) -> ResponseReturnValue:
    """The frozen content of a list, byte by byte."""
    return content_of(queries.get_released_list(db.session(), ref))


@bp.route("/open-data")
@public
@transactional
def open_data() -> ResponseReturnValue:
    """The catalogue: one data set, its record, its fields, its batches."""
    page = queries.page_of_award_lists(db.session(), after=request.args.get("after"), before=request.args.get("before"))
    newest = {}
    for found in reversed(page.items):
        published = read_content(found.content)
        newest[published.programme_code] = published
    return render_template("publication/open_data.html", page=page, programmes=newest, labels=presenters.DATASET_LABELS)


def _asked() -> dict[str, str]:
    return {key: request.args.get(key, "")[:60] for key in ("q", "district", "category", "sort")}


def _rows(published: Published) -> list[list[str]]:
    asked = _asked()
    rows = rows_of(published, published.columns, status=status_of(published))
    kept = presenters.filtered(
        published, rows, words=asked["q"], district=asked["district"], category=asked["category"]
    )
    if asked["sort"] != "amount":
        return kept
    amounts = {str(item.seq): item.amount_fen for item in published.items}
    place = next(n for n, column in enumerate(published.columns) if column.key == "seq")
    return sorted(kept, key=lambda row: (-amounts[row[place]], int(row[place])))
