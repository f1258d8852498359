"""The words that flows of registration and recovery share."""

import strawberry

FLOW_PREFIX = "flow"
FLOW_ID = strawberry.argument(description="Идентификатор хода из ответа на первый шаг.")
CODE = strawberry.argument(description="Шесть цифр из СМС или письма.")
