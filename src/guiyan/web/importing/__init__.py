"""The import bench: a messy roster goes in, is gone through on the page, and is loaded or not, all of it or nothing."""
