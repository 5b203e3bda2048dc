"""Starts ministack with one thing mended: its EventBridge calls a Lambda target once and drops what fails.

Its own Invoke API does what AWS does for an asynchronous invocation (two more tries, then the function's failure
destination); here rules hand events over in that way. Everything else is ministack as it was installed.
"""

import json

from ministack.app import main
from ministack.services import eventbridge, lambda_svc


def dispatch_as_invoke_does(arn, payload):
    func, config, name = lambda_svc._get_func_record_for_ref(arn)
    if not func or not config:
        eventbridge.logger.warning("EventBridge -> Lambda: function %s not found", name)
        return
    record = lambda_svc._execution_record_for_config(func, config)
    lambda_svc.invoke_async_with_retry(record, json.loads(payload))


if not callable(getattr(eventbridge, "_dispatch_to_lambda", None)):
    raise SystemExit("This ministack hands events to functions in another way: see docs/emulators.md.")
eventbridge._dispatch_to_lambda = dispatch_as_invoke_does
main()
