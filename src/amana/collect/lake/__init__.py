"""The lake: what visitors did, as encrypted Parquet under DuckLake, whose catalogue is schema `lake` of the database.

`drain` carries acknowledged events over exactly once, `compaction` keeps files few and sees that what was deleted
leaves the disk, `retention` drops the days whose time is over, `forgetting` and `disclosing` serve one person.
"""
