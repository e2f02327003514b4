"""What `deskside demo` has beside a server: a far side that does as the guide says, and plugs that can be pulled."""
