"""What a survey found out: counted as answers come in, shown rounded and never of a few.

Everything a page or a file shows is worked out from rounded counts, scores and intervals as well, so that nothing tells
more than they do. Single responses are not handed out: however few particulars one had, it would be somebody's.
"""
