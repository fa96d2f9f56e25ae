"""The chief's review: what is asked, how it is drawn, what was seen, what is taken away."""
