"""Uploads, webless: proof of type, checksum, a store port. Routes and access belong to the owning stage, which keeps the link table."""
