"""The scope of the two programmes in the tests: every name their rules read, with its kind."""

from grants.kernel.rules import Kind, Name, Scope

NUMBER, TEXT, DATE, INSTANT = Name(Kind.NUMBER), Name(Kind.TEXT), Name(Kind.DATE), Name(Kind.INSTANT)
YES_NO, LIST, DOCUMENT = Name(Kind.YES_NO), Name(Kind.LIST), Name(Kind.DOCUMENT)


def register(**columns: Kind) -> Name:
    """A table of a register."""
    return Name(Kind.TABLE, {key: Name(kind, evidence=True) for key, kind in columns.items()}, evidence=True)


def table(**columns: Name) -> Name:
    """A table of the application; ``documents_a6`` stands for ``documents.a6``."""
    return Name(Kind.TABLE, {key.replace("documents_", "documents."): name for key, name in columns.items()})


CONTRACTS = table(
    contract_no=TEXT, sold_name=TEXT, sold_version=TEXT, buyer=TEXT, buyer_uscc=Name(Kind.TEXT, conditional=True),
    buyer_abroad=YES_NO, related=YES_NO, signed_on=DATE, total_with_vat=NUMBER, software=NUMBER, first_invoice_on=DATE,
    invoice_nos=LIST, invoiced=NUMBER, first_received_on=DATE, received=NUMBER,
    documents_a6=DOCUMENT, documents_a7=DOCUMENT, documents_a8=DOCUMENT, documents_a9=DOCUMENT,
)  # fmt: skip
GUARDED_CONTRACTS = table(**{key.replace("documents.", "documents_"): name for key, name in CONTRACTS.columns.items()})
COMMON = {
    "T": DATE, "submitted_at": INSTANT, "call.asof": DATE, "call.opens_at": INSTANT, "call.effective_close": INSTANT,
    "call.funds": LIST, "call.year": NUMBER, "call.ref": TEXT,
    "org.name": TEXT, "org.uscc": TEXT, "org.org_type": TEXT, "org.is_branch": YES_NO, "org.industry_code": TEXT,
    "org.reg_date": DATE, "org.assets": NUMBER, "org.liabilities": NUMBER,
    "org.years": table(revenue=NUMBER, profit=NUMBER, rd_spend=NUMBER),
    "reg.in_shanghai": Name(Kind.YES_NO, evidence=True), "reg.status": Name(Kind.TEXT, evidence=True),
    "reg.abnormal": Name(Kind.YES_NO, evidence=True), "reg.founded_on": Name(Kind.DATE, evidence=True),
    "credits": register(severe=Kind.YES_NO, active=Kind.YES_NO, repaired=Kind.YES_NO, ended_on=Kind.DATE),
    "penalties": register(procedure=Kind.TEXT, decided_on=Kind.DATE),
    "funded": register(level=Kind.TEXT, programme=Kind.TEXT, project=Kind.TEXT, product=Kind.TEXT,
                       product_version=Kind.TEXT, year=Kind.NUMBER),
    "projects": register(fund=Kind.TEXT, project=Kind.TEXT, due_on=Kind.DATE, accepted=Kind.YES_NO),
    "bans": register(starts_on=Kind.DATE),
    "credit_auth": YES_NO, "requested": NUMBER, "funding.entitled": NUMBER, "district.recommended": YES_NO,
    "pass_mark": NUMBER,
}  # fmt: skip
SBC = Scope(COMMON | {
    "sales_from": DATE, "sales_until": DATE, "min_sales": NUMBER, "max_contracts": NUMBER, "ip_months": NUMBER,
    "report_months": NUMBER, "ratio_bp": NUMBER, "cap": NUMBER, "experts": NUMBER, "base": NUMBER,
    "product_name": TEXT, "version": TEXT, "category": TEXT, "dev_done_date": DATE, "dev_mode": TEXT,
    "rd_invest": NUMBER, "contracts": CONTRACTS, "in_window": GUARDED_CONTRACTS, "counted": GUARDED_CONTRACTS,
    "copyrights": table(reg_no=TEXT, full_name=TEXT, reg_version=TEXT, holders=LIST),
    "lab_cma": TEXT, "lab_cnas": TEXT, "report_date": DATE, "tested_name": TEXT, "tested_version": TEXT,
    "documents.a3": DOCUMENT, "documents.a17": DOCUMENT,
}, {"software_codes": frozenset({"6511", "6513"})})  # fmt: skip
HLW = Scope(COMMON | {
    "min_invest": NUMBER, "start_from": DATE, "start_until": DATE, "max_months": NUMBER, "ratio_p_bp": NUMBER,
    "cap_p": NUMBER, "ratio_e_bp": NUMBER, "cap_e": NUMBER, "eligible_invest": NUMBER, "verified_invest": NUMBER,
    "base": NUMBER, "proj_name": TEXT, "track": TEXT, "start_date": DATE, "end_date": DATE, "progress": NUMBER,
    "builds_and_owns": YES_NO, "total_invest": NUMBER, "own_funds": NUMBER, "bank_loan": NUMBER,
    "district_match": NUMBER, "other_gov": NUMBER, "proof_amount": NUMBER,
    "budget": table(cost_kind=TEXT, item=TEXT, amount=NUMBER, spent_before_start=NUMBER, eligible=NUMBER),
    "audited_years": table(audited_year=NUMBER, auditor=TEXT, opinion=TEXT, documents_b3=DOCUMENT),
    "indicators": table(indicator_kind=TEXT, name=TEXT, unit=TEXT, baseline=TEXT, target=TEXT),
    "mlps_level": TEXT, "mlps_filing_no": TEXT, "personal_info_scale": TEXT, "pia_done": YES_NO, "data_location": TEXT,
})  # fmt: skip
