"""Who did what to which record, in a chain of sealed rows: what is changed, taken out or cut off is seen."""
