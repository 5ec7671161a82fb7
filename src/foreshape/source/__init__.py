"""From paths to syntax trees: files, notebooks, project-local imports, comments, configuration and target versions."""
