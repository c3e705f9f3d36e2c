"""The rules that the glossary keeps: a module for each subject, found by rules.py. rule.py says what a rule is."""
