"""What a campaign puts on walls, on tables and into messages: a poster, a sheet to sign, a picture, and texts."""
