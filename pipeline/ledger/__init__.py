"""The database: what arrived, what was judged, how every village stands, what we sent. The only user of SQLModel."""
