"""The tag: the one script of ours that runs on a retailer's website, and how it is served."""
