"""Telling people, webless: inbox rows and mails. Recipients are passed as values; who reads them is not known here."""
