"""The promise: what may be kept about people, for which purposes, by whom and until when.

One file, `policy.yaml`, is parsed, checked, compared with what runs and published; publishing turns it into
the rules the gate obeys, the public notice, the consent screens and the record of processing. It serves every
purpose by naming it, and holds no customer. It never runs a policy with a fault, never changes a version
once published, and never lets the application publish.
"""
