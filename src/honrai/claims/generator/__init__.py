"""Claims with known truth: any number of made-up claims of a made-up city, with planted defects, as claim files and lists."""
