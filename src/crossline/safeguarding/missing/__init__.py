"""Missing episodes: what records tell of them, the clocks that run after a return, and what people write down of them."""
