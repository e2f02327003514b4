"""How well customers are served: figures with their definitions, what they count, and the samples that people rate."""
