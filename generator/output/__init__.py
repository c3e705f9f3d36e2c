"""Writing the pages, making a site of them with the engine, and showing it while it is written."""
