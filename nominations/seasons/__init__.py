"""The seasons as printed in their notices: data files, loaded by the command load_season."""
