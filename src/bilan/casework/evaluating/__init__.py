"""The watch: evaluating rules, keeping alerts and leading them to cases."""
