"""From a postcode to a place."""
