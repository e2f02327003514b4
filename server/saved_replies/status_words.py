"""Where an order stands, as the end of a sentence that begins with the order."""

from collections.abc import Mapping

from tools.records import OrderStatus

STATUS_WORDS: Mapping[str, Mapping[OrderStatus, str]] = {
    "en": {
        OrderStatus.PENDING: "is being prepared",
        OrderStatus.PROCESSING: "is being prepared",
        OrderStatus.PACKED: "is packed",
        OrderStatus.SHIPPED: "is on its way",
        OrderStatus.PARTLY_SHIPPED: "is partly on its way",
        OrderStatus.DELIVERED: "was delivered",
        OrderStatus.CANCELLED: "is cancelled",
    },
    "de": {
        OrderStatus.PENDING: "wird vorbereitet",
        OrderStatus.PROCESSING: "wird vorbereitet",
        OrderStatus.PACKED: "ist verpackt",
        OrderStatus.SHIPPED: "ist unterwegs",
        OrderStatus.PARTLY_SHIPPED: "ist zum Teil unterwegs",
        OrderStatus.DELIVERED: "wurde zugestellt",
        OrderStatus.CANCELLED: "ist storniert",
    },
    "es": {
        OrderStatus.PENDING: "se está preparando",
        OrderStatus.PROCESSING: "se está preparando",
        OrderStatus.PACKED: "está empaquetado",
        OrderStatus.SHIPPED: "está en camino",
        OrderStatus.PARTLY_SHIPPED: "está en parte en camino",
        OrderStatus.DELIVERED: "fue entregado",
        OrderStatus.CANCELLED: "está cancelado",
    },
    "fr": {
        OrderStatus.PENDING: "est en préparation",
        OrderStatus.PROCESSING: "est en préparation",
        OrderStatus.PACKED: "est emballée",
        OrderStatus.SHIPPED: "est en route",
        OrderStatus.PARTLY_SHIPPED: "est en partie en route",
        OrderStatus.DELIVERED: "a été livrée",
        OrderStatus.CANCELLED: "est annulée",
    },
}
"""By language. Of the other states (lost, waiting for stock, coming back) no ready words are true enough."""
