"""What the newsroom writes: home, sections, stories, photos, bylines, corrections and plain pages.

Editors' words enter through Wagtail's admin or an import; frozen records for the press leave through `feed`.
"""
