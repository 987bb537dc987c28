"""What we hold on a person, and how it goes."""
