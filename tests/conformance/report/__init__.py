"""Results, tables and report files."""
