"""What became of letters, for everybody: delivered, acknowledged, answered, by campaign and representative."""
