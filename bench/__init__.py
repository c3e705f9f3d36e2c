"""Measures the generator on glossaries that are made up for the purpose. Nothing here is needed to build the site."""
