-- The epoch key that seals new people: older ones are being emptied, so nobody new may come under them. One row, once a
-- rotation took place.
CREATE TABLE vault.epoch (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    number integer NOT NULL
);
