"""What is asked, of whom, until when; chapters, endorsements, updates, resources."""
