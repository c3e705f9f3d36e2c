"""Terms and demos in, a folder of Markdown pages out. Start reading at __main__.py."""
