"""The vendor's generated client, 3.1.x to the newest; synchronous and asynchronous calls."""
import asyncio
import re

from alibabacloud_imagesearch20201214 import models
from alibabacloud_imagesearch20201214.client import Client as VendorClient

from pictures import read_value

try:
    from alibabacloud_tea_openapi.utils_models import Config
    from darabonba.runtime import RuntimeOptions
except ImportError:
    from alibabacloud_tea_openapi.models import Config
    from alibabacloud_tea_util.models import RuntimeOptions

PATIENCE_MS = 60_000


class Client:
    def __init__(self, run):
        self._run = run
        self._clients = {}
        # One loop: a connection belongs to the loop that opened it.
        self._loop = asyncio.new_event_loop()

    def call(self, step):
        suffix = "Advance" if step["isAdvance"] else ""
        request_class = getattr(models, f"{step['action']}{suffix}Request", None)
        if request_class is None:
            return {"absent": f"no {step['action']}{suffix}"}
        request = request_class()
        for name, value in step["request"].items():
            field = self._field_of(request, name)
            if field is None:
                return {"absent": f"no {name}"}
            setattr(request, field, read_value(value, step["isAdvance"]))
        answer = self._ask(step, request)
        return {"body": answer.body.to_map()}

    def _ask(self, step, request):
        method = to_snake(step["action"]) + ("_advance" if step["isAdvance"] else "_with_options")
        runtime = RuntimeOptions(read_timeout=PATIENCE_MS, connect_timeout=PATIENCE_MS)
        client = self._client_of(step)
        if self._run["style"] == "sync":
            return getattr(client, method)(request, runtime)
        return self._loop.run_until_complete(getattr(client, f"{method}_async")(request, runtime))

    def _client_of(self, step):
        key = (step["endpoint"], step["protocol"], step["accessKeySecret"])
        if key not in self._clients:
            endpoint, protocol, secret = key
            client = VendorClient(
                Config(
                    access_key_id=self._run["accessKeyId"],
                    access_key_secret=secret,
                    endpoint=endpoint,
                    protocol=protocol,
                )
            )
            client._open_platform_endpoint = endpoint
            self._clients[key] = client
        return self._clients[key]

    @staticmethod
    def _field_of(request, wire_name):
        name = to_snake(wire_name)
        return next((field for field in (name, f"{name}_object") if hasattr(request, field)), None)

    @staticmethod
    def read_error(error):
        """The generations keep the status in different places, or nowhere."""
        status = getattr(error, "status_code", None) or getattr(error, "statusCode", None)
        code = getattr(error, "code", None) or type(error).__name__
        shown = {"code": str(code), "message": str(getattr(error, "message", None) or error)}
        return {**shown, "status": int(status)} if status else shown


def to_snake(name):
    """`IntAttr2` is `int_attr_2` to the vendor's generator."""
    words = re.findall(r"[A-Z][a-z]*|\d+", name)
    return "_".join(words).lower()
