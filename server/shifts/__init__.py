"""The end of a shift: what somebody holds is let go of, with a word to whoever goes on."""
