"""Totals, maps, exports: reads only."""
