"""The edge in common: guards, current actor, form base, error pages, words for codes, filters, security headers."""
