"""The pages in real Chromium: the whole job, everybody's way in, and nothing that leaves the site."""
