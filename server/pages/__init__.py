"""The pages: three workplaces in the browser, made of what the API answers."""
