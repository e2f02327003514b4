"""Channels: how posts come in and approved text goes out, whatever the network."""
