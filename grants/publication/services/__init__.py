"""Publishing notices, taking and deciding objections, preparing and releasing award lists, telling people."""

from grants.publication.services.issuing import keep_pdf
from grants.publication.services.notices import plan_notice, publish_notice, substance_of
from grants.publication.services.objections import ObjectionStatement, decide_objection, file_objection
from grants.publication.services.releasing import (
    discard_award_list,
    plan_award_list,
    prepare_award_list,
    release_award_list,
    require_settled,
)
from grants.publication.services.telling import tell_of_list, tell_of_notice

__all__ = [
    "ObjectionStatement",
    "decide_objection",
    "discard_award_list",
    "file_objection",
    "keep_pdf",
    "plan_award_list",
    "plan_notice",
    "prepare_award_list",
    "publish_notice",
    "release_award_list",
    "require_settled",
    "substance_of",
    "tell_of_list",
    "tell_of_notice",
]
