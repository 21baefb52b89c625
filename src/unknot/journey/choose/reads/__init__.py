"""What the pages to choose show: rows that are ready, nothing written."""
