"""The desk's pages for what the letters of campaigns say."""
