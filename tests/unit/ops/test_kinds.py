from grants.ops.kinds import KINDS, kind_words
from grants.outbox import TOPICS


def test_every_topic_has_words_for_operators():
    assert {topic for topic in TOPICS if topic not in KINDS and not topic.startswith("practice.")} == set()
    assert kind_words("application.submitted") == "自动核验"
