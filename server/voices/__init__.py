"""How brands sound: greetings, sign-offs, how customers are addressed and which words are not used."""
