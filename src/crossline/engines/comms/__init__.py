"""Communications data: loading under an authorisation, profiles of numbers, and which number took over from which."""
