"""All between a click on Run and the Python that runs in the page."""
