"""Communications data: taking it in, and what numbers say by whom they reach. Pure: files and tables in, tables out."""
