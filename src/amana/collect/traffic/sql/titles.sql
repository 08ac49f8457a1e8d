SELECT host, path, any_value(title) FROM chosen_views
WHERE current AND title <> '' AND day >= $since AND list_contains($paths, path) GROUP BY host, path;
