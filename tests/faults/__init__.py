"""What breaks under the program: servers, network, disk, database, clock. Nothing is lost or done twice."""
