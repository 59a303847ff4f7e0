"""An app with a queue trigger. Hosts import it; tests do not."""

import json
import logging
import time

import azure.functions as func

app = func.FunctionApp()
_log = logging.getLogger("sample")


@app.queue_trigger(arg_name="message", queue_name="work", connection="SAMPLE")
def work(message: func.QueueMessage) -> None:
    """Log the message; fail, or take long, as it says."""
    content = json.loads(message.get_body())
    fields = {
        "event_name": "message",
        "content": content,
        "id_": message.id,
        "count": message.dequeue_count,
        "inserted": str(message.insertion_time),
        "expires": str(message.expiration_time),
    }
    _log.info("message", extra=fields)
    time.sleep(content.get("seconds", 0))
    if content.get("fail"):
        raise ValueError("no")
