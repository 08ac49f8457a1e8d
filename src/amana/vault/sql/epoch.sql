-- The epoch key that seals new people: older ones are being emptied, so nobody new may come under them. One row, once a
-- rotation took place. The same for the index keys.
CREATE TABLE vault.epoch (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    number integer NOT NULL
);
CREATE TABLE vault.index_key (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    number smallint NOT NULL
);
