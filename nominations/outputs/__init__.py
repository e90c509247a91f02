"""Papers: what leaves the product as page, PDF, XLSX or JSON."""
