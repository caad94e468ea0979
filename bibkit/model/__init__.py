"""Pure frozen values: what bibkit knows of a work, with no format, no file and no network in it."""
