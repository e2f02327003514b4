"""Documents to passages to an index to ranked passages with calibrated relevance. The only importer of Chroma."""
