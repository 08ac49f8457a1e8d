CREATE OR REPLACE TEMP VIEW chosen_visits AS SELECT * FROM some_visits;
CREATE OR REPLACE TEMP VIEW chosen_views AS SELECT * FROM some_views;
