"""What comes back from outside as a workbook, judged cell by cell."""
