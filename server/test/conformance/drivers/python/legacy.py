"""The vendor's older core with the three calls of 2019-03-25."""
import importlib
import json

from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.client import AcsClient

from pictures import read_value

CALLS = {
    "AddImage": ("AddImageRequest", {}),
    "DeleteImage": ("DeleteImageRequest", {}),
    "SearchImageByPic": ("SearchImageRequest", {"Type": "SearchByPic"}),
    "SearchImageByName": ("SearchImageRequest", {"Type": "SearchByName"}),
}
PATIENCE_S = 60


class Client:
    def __init__(self, run):
        self._run = run

    def call(self, step):
        if step["isAdvance"] or step["action"] not in CALLS:
            return {"absent": f"no {step['action']}"}
        class_name, fields = CALLS[step["action"]]
        module = importlib.import_module(f"aliyunsdkimagesearch.request.v20190325.{class_name}")
        request = getattr(module, class_name)()
        for name, value in {**step["request"], **fields}.items():
            setter = getattr(request, f"set_{name}", None)
            if setter is None:
                return {"absent": f"no {name}"}
            setter(read_value(value, False))
        request.set_endpoint(step["endpoint"])
        request.set_protocol_type(step["protocol"])
        client = AcsClient(
            self._run["accessKeyId"], step["accessKeySecret"], timeout=PATIENCE_S, auto_retry=False
        )
        return {"body": json.loads(client.do_action_with_exception(request))}

    @staticmethod
    def read_error(error):
        if isinstance(error, ServerException):
            status = error.get_http_status()
            return {"code": error.get_error_code(), "status": status, "message": str(error)}
        return {"code": type(error).__name__, "message": str(error)}
