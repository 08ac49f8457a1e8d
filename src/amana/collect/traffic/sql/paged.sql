-- Of those, the visits that saw one page, and that page's views and times in them.
CREATE OR REPLACE TEMP VIEW saw AS
SELECT DISTINCT day, visit FROM lake.views
WHERE viewed AND path = getvariable('page')
  AND day BETWEEN getvariable('before_first') AND getvariable('last');
CREATE OR REPLACE TEMP VIEW chosen_visits AS SELECT * FROM some_visits SEMI JOIN saw USING (day, visit);
CREATE OR REPLACE TEMP VIEW chosen_views AS
SELECT * FROM some_views SEMI JOIN saw USING (day, visit) WHERE path = getvariable('page');
