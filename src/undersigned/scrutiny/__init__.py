"""What is counted and what is not, at the desk: taking names out, putting them back, and the nightly recount."""
