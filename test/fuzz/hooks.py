"""Hooks of schemathesis: signs every request as an operator's client does, and asks mostly for what there is."""

import os

import schemathesis
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


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Three of four generated names become those of what there is: all others are answered 404 at once."""
    for name, known in (("service", [SERVICE]), ("deployment", DEPLOYMENTS), ("build", BUILDS)):
        value = (path_parameters or {}).get(name)
        if isinstance(value, str) and len(value) % 4 != 0:
            path_parameters[name] = known[len(value) % len(known)]
    return path_parameters
