"""The public pages that gather from every room: the front page and the campaign."""
