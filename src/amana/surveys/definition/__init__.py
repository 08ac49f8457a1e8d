"""What a survey is: its questions, in both languages, with the rules between them.

A definition is plain frozen records. It is read from JSON (`parsing`), written back (`writing`), looked through for
what is still missing or wrong (`checking`), turned into what the runners walk (`compiling`), and compared with an
earlier one (`changes`). Nothing here touches the database or knows a person.
"""
