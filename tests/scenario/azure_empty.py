#!/usr/bin/env python3
"""What azure_fill.py made in a service is deleted: the container, and all queues
or tables.  azure_empty.py NAME KEY BLOB-PORT QUEUE-PORT TABLE-PORT SERVICE"""
import sys
from azure_put import Account
ask, service = Account(*sys.argv[1:6]).ask, sys.argv[6]
if service == "blob":
    ask("blob", "DELETE", "cards", {"restype": "container"})
J = {"Accept": "application/json"}
for n in range(4):
    if service == "queue":
        ask("queue", "DELETE", f"queue{n}")
    if service == "table":
        ask("table", "DELETE", f"Tables('Table{n}')", {}, J)
