"""The shell of the web application: what every page shares."""
