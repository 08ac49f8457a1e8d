-- Of those, the visits that saw one page, and that page's views.
CREATE OR REPLACE TEMP VIEW chosen_visits AS
SELECT * FROM some_visits WHERE (day, visit) IN (
  SELECT (day, visit) FROM lake.views
  WHERE path = getvariable('page') AND day BETWEEN getvariable('before_first') AND getvariable('last'));
CREATE OR REPLACE TEMP VIEW chosen_views AS SELECT * FROM some_views WHERE path = getvariable('page');
