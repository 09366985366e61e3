"""What the comparison of texts looks up: one sketch per application, its bands, and each programme's stock phrases."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, LargeBinary, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.applications.models import Application
from grants.db import Base, BigId, UtcDateTime


class TextSketch(Base):
    """The compared texts of the revision of an application that was checked last, and from which bands it is found.

    ``text`` is the bare text (``programmes.domain.similarity``), a line for each field; ``bands`` are its rows of
    ``TextBand`` in one piece, so that they can be deleted by their key. ``stale``: to be made anew by
    ``index_texts`` because the programme's stock phrases have changed; until then it is still found by.
    """

    __tablename__ = "text_sketch"
    __table_args__ = (Index("ix_text_sketch_programme", "programme_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), unique=True)
    revision_id: Mapped[UUID] = mapped_column(ForeignKey("revision.id"))
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id"))
    text: Mapped[str] = mapped_column(Text)
    bands: Mapped[bytes] = mapped_column(LargeBinary)
    stale: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    application: Mapped[Application] = relationship()


class TextBand(Base):
    """One band of a sketch: two least hashes of its shingles, in one number. The key is the only index, and what is
    looked up is the beginning of it.

    No foreign key: a hundred rows for each text would each be looked up as they are written, and a deleted sketch would
    be searched for in all of them. A band without its sketch finds nothing.
    """

    __tablename__ = "text_band"
    __table_args__ = ({"sqlite_with_rowid": False},)

    band_no: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    band_hash: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    sketch_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class StockPhrases(Base):
    """The shingles that so large a share of a programme's applicants use that they say nothing of copying.

    Never changed: a later row is in force, and evidence names the one it left out. ``organisations`` were looked at,
    ``texts`` were there; ``shingles`` in order, a line each.
    """

    __tablename__ = "stock_phrases"
    __table_args__ = (
        CheckConstraint("share_bp BETWEEN 1 AND 10000", name="share_is_a_share"),
        Index("ix_stock_phrases_programme", "programme_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    organisations: Mapped[int] = mapped_column(Integer)
    texts: Mapped[int] = mapped_column(Integer)
    share_bp: Mapped[int] = mapped_column(Integer)
    shingles: Mapped[str] = mapped_column(Text)
