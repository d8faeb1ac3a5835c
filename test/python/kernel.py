"""A real kernel for tests: executes what stands in the lines of standard input (JSON: code, silent), and answers each
with a line (JSON: status, count, text)."""

import json
import subprocess
import sys

from jupyter_client.manager import start_new_kernel

manager, client = start_new_kernel(
    kernel_name="python3", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
)
try:
    for line in sys.stdin:
        asked = json.loads(line)
        texts = []

        def keep(message, texts=texts):
            content = message["content"]
            texts.append(content.get("text") or "\n".join(content.get("traceback", [])))

        reply = client.execute_interactive(
            asked["code"],
            silent=asked.get("silent", False),
            store_history=not asked.get("silent", False),
            output_hook=keep,
            timeout=300,
        )["content"]
        answer = {"status": reply["status"], "count": reply.get("execution_count"), "text": "".join(texts)}
        print(json.dumps(answer), flush=True)
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
