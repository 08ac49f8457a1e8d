"""Tests of the tablets: what one does in a shop, its pages in the console, and the posters."""
