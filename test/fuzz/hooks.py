"""Hooks of schemathesis: signs every request as an operator's client does, and asks mostly for what there is."""

import os
import re

import schemathesis
import yaml
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from requests.auth import AuthBase

SERVICE = os.environ["FUZZ_SERVICE"]
DEPLOYMENTS = os.environ["FUZZ_DEPLOYMENTS"].split(",")
BUILDS = os.environ["FUZZ_BUILDS"].split(",")


class SignatureV4(AuthBase):
    def __init__(self):
        credentials = Credentials(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])
        self.signer = SigV4Auth(credentials, "execute-api", os.environ["AWS_REGION"])

    def __call__(self, request):
        body = request.body or b""
        unsigned = AWSRequest(request.method, request.url, data=body.encode() if isinstance(body, str) else body)
        self.signer.add_auth(unsigned)
        request.headers.update(dict(unsigned.headers.items()))
        return request


schemathesis.auth.set_from_requests(SignatureV4())


CONTRACT = os.path.join(os.path.dirname(__file__), "../../docs/openapi.yaml")
with open(CONTRACT, encoding="utf-8") as contract:
    COMPONENTS = yaml.safe_load(contract)["components"]


def is_valid(name, value):
    """Whether the contract allows it: what was made up to be refused has to stay as it is."""
    schema = COMPONENTS["parameters"][name]["schema"]
    if "$ref" in schema:
        schema = COMPONENTS["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return re.search(schema.get("pattern", ""), value) is not None


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Three of four generated names become those of what there is: all others are answered 404 at once."""
    for name, known in (("service", [SERVICE]), ("deployment", DEPLOYMENTS), ("build", BUILDS)):
        value = (path_parameters or {}).get(name)
        if isinstance(value, str) and len(value) % 4 != 0 and is_valid(name, value):
            path_parameters[name] = known[len(value) % len(known)]
    return path_parameters
