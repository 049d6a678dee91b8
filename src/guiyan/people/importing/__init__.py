"""The import bench: messy rosters in, a complete plan out. Pure: no database, no clock, no network."""
