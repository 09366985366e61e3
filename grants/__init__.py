"""Grant applications from an open call to a published award list; packages follow the life of an application
(docs/process.md)."""
