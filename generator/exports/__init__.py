"""What the site gives away beside its pages, each a module that is found by being here."""
