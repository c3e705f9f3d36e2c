"""From the glossary and its lessons to pages: a module for each kind, found by being here, and what they share."""
