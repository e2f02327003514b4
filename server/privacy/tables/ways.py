"""How rows of several tables are found, and why rows of several tables stay without words."""

from server.privacy.holdings import By

BY_CUSTOMER = By("customer", "customers")
BY_CASE = By("case", "cases")
BY_DRAFT = By("draft", "drafts")
BY_CONVERSATION = By("conversation", "conversations")
BY_TRANSCRIPT = (By("transcript", "cases"), By("transcript", "conversations"))
"""A transcript has the id of its case, or of the session that names none."""

WHO_DECIDED = "who decided what, and when, and the digest of what was approved"
NOT_AGAIN = "so that it is not taken for a new one when the network tells it again"
MONEY = "what was paid and by whose leave, and so that nothing is carried out twice"
COUNTED = "it is counted, without anybody's words"
