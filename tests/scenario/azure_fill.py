#!/usr/bin/env python3
"""The files below a folder become blobs of the container "cards", messages of a
queue and rows of a table for each folder.
azure_fill.py NAME KEY BLOB-PORT QUEUE-PORT TABLE-PORT FOLDER"""
import json, os, sys
from azure_put import Account
top = sys.argv[6]
ask = Account(*sys.argv[1:6]).ask
J = {"Content-Type": "application/json", "Accept": "application/json"}
X = {"Content-Type": "application/xml"}
ask("blob", "PUT", "cards", {"restype": "container"})
for at, _, names in os.walk(top):
    folder = os.path.basename(at)
    if not names: continue
    ask("queue", "PUT", "queue" + folder)
    ask("table", "POST", "Tables", {}, J,
        json.dumps({"TableName": "Table" + folder}).encode())
    for name in names:
        with open(os.path.join(at, name)) as f: text = f.read()
        ask("blob", "PUT", f"cards/{folder}/{name}", {},
            {"x-ms-blob-type": "BlockBlob", "Content-Type": "text/plain"},
            text.encode())
        ask("queue", "POST", f"queue{folder}/messages", {}, X,
            ("<QueueMessage><MessageText>" + text +
             "</MessageText></QueueMessage>").encode())
        ask("table", "POST", "Table" + folder, {}, J, json.dumps(
            {"PartitionKey": "p", "RowKey": name, "text": text}).encode())
