"""The people who work with Deskside: who they are, how they sign in, what each may do."""
