"""Pages to print: one HTML file each, A4, without scripts, in the page's languages."""
