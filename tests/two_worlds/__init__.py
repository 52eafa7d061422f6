"""Two worlds that differ only in what somebody may not see: whatever that person asks, both must answer byte for byte alike.

`world` makes the store and the people, `facts` what is added out of somebody's sight, `addresses` every request of the address
book, `probes` the answers to them and every export, `walls` lets one of the two walls stand alone, `leaks` are planted to see
that the suite finds them.
"""
