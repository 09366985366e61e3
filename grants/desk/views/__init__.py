"""Pages across stages: the public home, the enterprise's home and status page, the office's worklist and case file."""

from grants.desk.views.blueprint import bp
from grants.desk.views.case_file import case_file
from grants.desk.views.enterprise import enterprise_application, enterprise_home
from grants.desk.views.home import home
from grants.desk.views.office import overrules, overrules_csv, workload
from grants.desk.views.revisions import case_revisions
from grants.desk.views.worklist import worklist

__all__ = [
    "bp",
    "case_file",
    "case_revisions",
    "enterprise_application",
    "enterprise_home",
    "home",
    "overrules",
    "overrules_csv",
    "worklist",
    "workload",
]
