"""Walking the product as its users do: a visitor opens pages, fills in forms and presses buttons, whatever carries it.

The same verbs run over the test client (``by_http``) and in a Chromium with or without JavaScript (``by_browser``).
"""
