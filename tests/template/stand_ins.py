"""Stands in on the loopback address for S3, Argo Workflows and the webhook of Argo Events."""

import json
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

LOOPBACK = "127.0.0.1"


class Buckets:
    """moto's S3 with a bucket. `settings`, as environment variables, make Metaflow use it."""

    def __init__(self) -> None:
        self._clients: dict[str, object] = {}  # to make one takes long

    def __enter__(self) -> Self:
        from moto.server import ThreadedMotoServer

        self._server = ThreadedMotoServer(ip_address=LOOPBACK, port=0, verbose=False)
        self._server.start()
        address = "http://{}:{}".format(*self._server.get_host_and_port())
        credentials = {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        self.settings = {
            **credentials,
            "METAFLOW_S3_ENDPOINT_URL": address,
            "METAFLOW_DATASTORE_SYSROOT_S3": "s3://bucket/metaflow",
            "METAFLOW_KUBERNETES_NAMESPACE": "default",
            "METAFLOW_ARGO_EVENTS_EVENT": "metaflow",
            "METAFLOW_ARGO_EVENTS_EVENT_SOURCE": "metaflow",
            "METAFLOW_ARGO_EVENTS_SERVICE_ACCOUNT": "metaflow",
            "METAFLOW_ARGO_EVENTS_WEBHOOK_URL": f"http://{LOOPBACK}:9/nobody-listens",
        }
        self.client("s3").create_bucket(Bucket="bucket")
        return self

    def client(self, service: str):
        """Return boto3's client of one of AWS's services here."""
        import boto3

        if service not in self._clients:
            self._clients[service] = boto3.client(
                service,
                endpoint_url=self.settings["METAFLOW_S3_ENDPOINT_URL"],
                region_name=self.settings["AWS_DEFAULT_REGION"],
                aws_access_key_id=self.settings["AWS_ACCESS_KEY_ID"],
                aws_secret_access_key=self.settings["AWS_SECRET_ACCESS_KEY"],
            )
        return self._clients[service]

    def step_functions(self) -> dict[str, str]:
        """Make what Metaflow needs of AWS Step Functions and AWS Batch; return the settings."""
        refuse_to_create_again()
        role = self.client("iam").create_role(RoleName="metaflow", AssumeRolePolicyDocument="{}")
        role = role["Role"]["Arn"]
        network, batch = self.client("ec2"), self.client("batch")
        computers = batch.create_compute_environment(
            computeEnvironmentName="metaflow",
            type="MANAGED",
            state="ENABLED",
            serviceRole=role,
            computeResources={
                "type": "FARGATE",
                "maxvCpus": 4,
                "subnets": [network.describe_subnets()["Subnets"][0]["SubnetId"]],
                "securityGroupIds": [
                    network.describe_security_groups()["SecurityGroups"][0]["GroupId"]
                ],
            },
        )
        order = [{"order": 1, "computeEnvironment": computers["computeEnvironmentArn"]}]
        queue = batch.create_job_queue(
            jobQueueName="metaflow", state="ENABLED", priority=1, computeEnvironmentOrder=order
        )
        return {
            "AWS_ENDPOINT_URL": self.settings["METAFLOW_S3_ENDPOINT_URL"],
            "METAFLOW_SFN_IAM_ROLE": role,
            "METAFLOW_SFN_DYNAMO_DB_TABLE": "metaflow",
            "METAFLOW_EVENTS_SFN_ACCESS_IAM_ROLE": role,
            "METAFLOW_BATCH_JOB_QUEUE": queue["jobQueueArn"],
            "METAFLOW_ECS_S3_ACCESS_IAM_ROLE": role,
            "METAFLOW_ECS_FARGATE_EXECUTION_ROLE": role,
        }

    def __exit__(self, *_: object) -> None:
        self._server.stop()


def refuse_to_create_again() -> None:
    """Have moto refuse to create a state machine that is there and is another one, as AWS does.

    By itself it returns the old one, and Metaflow takes that for a success and updates nothing.
    Source: AWS's reference, `CreateStateMachine`, error `StateMachineAlreadyExists`.
    """
    from moto.core.exceptions import AWSError
    from moto.stepfunctions.models import StepFunctionBackend

    class StateMachineAlreadyExists(AWSError):
        TYPE = "StateMachineAlreadyExists"
        STATUS = 400

    create = StepFunctionBackend.create_state_machine

    def create_or_refuse(self, name, definition, *others, **more):
        made = create(self, name, definition, *others, **more)
        if made.definition != definition:
            raise StateMachineAlreadyExists(f"State Machine Already Exists: '{made.arn}'")
        return made

    StepFunctionBackend.create_state_machine = create_or_refuse


class _Server:
    """An HTTP server in a thread; its handlers find this object as `self.server.owner`."""

    handler: type[BaseHTTPRequestHandler]

    def __enter__(self) -> Self:
        self._http = ThreadingHTTPServer((LOOPBACK, 0), self.handler)
        self._http.owner = self
        self.address = f"http://{LOOPBACK}:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()


class _Handler(BaseHTTPRequestHandler):
    def body(self) -> dict:
        return json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or "{}")

    def answer(self, status: int, content: dict) -> None:
        data = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing: pytest shows what matters."""


class _EventHandler(_Handler):
    def do_POST(self) -> None:
        self.server.owner.events.append(self.body())
        self.answer(200, {})


class Webhook(_Server):
    """Keeps the events that are posted to it in `events`."""

    handler = _EventHandler

    def __init__(self) -> None:
        self.events: list[dict] = []


def process_list() -> str:
    """Return the arguments of all processes on this machine, which every user can read."""
    commands = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            commands.append(each.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    return "\n".join(commands)


class _TokenHandler(_Handler):
    def do_GET(self) -> None:
        self.server.owner.asked.append((self.path, self.headers["Authorization"]))
        self.server.owner.processes = process_list()
        self.answer(200, {"value": "a.b.c"})


class Identity(_Server):
    """Gives jobs of GitHub's CI the token that AWS takes for them.

    It keeps what they `asked`, and the arguments of all `processes` meanwhile.
    """

    handler = _TokenHandler

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.processes = ""


class _CustomObjectHandler(_Handler):
    """Answers below …/namespaces/default/PLURAL and …/namespaces/default/PLURAL/NAME."""

    def do_GET(self) -> None:
        objects = self.server.owner.objects
        path = self.path.partition("?")[0]
        if path.rpartition("/")[2] in (
            "workflowtemplates",
            "cronworkflows",
            "workflows",
            "sensors",
        ):
            items = [kept for name, kept in objects.items() if name.startswith(f"{path}/")]
            self.answer(200, {"items": items, "metadata": {}})
        else:
            self._answer_with(objects.get(path))

    def do_DELETE(self) -> None:
        self._answer_with(self.server.owner.objects.pop(self.path, None))

    def _answer_with(self, found: dict | None) -> None:
        self.answer(200, found) if found else self.answer(404, {"message": f"no {self.path}"})

    def do_POST(self) -> None:
        self.server.owner.processes += process_list()
        sent = self.body()
        if self._refused(sent):
            return
        name = sent["metadata"].get("name") or sent["metadata"]["generateName"] + "00001"
        sent["metadata"]["name"] = name
        # Kubernetes' client understands a creation from this status alone.
        self.answer(201, self._kept(f"{self.path}/{name}", sent))

    def do_PUT(self) -> None:
        self.server.owner.processes += process_list()
        sent = self.body()
        if not self._refused(sent):
            self.answer(200, self._kept(self.path, sent))

    def _refused(self, sent: dict) -> bool:
        if self.server.owner.refuses not in json.dumps(sent["metadata"]):
            return False
        self.answer(403, {"message": "this cluster is full"})
        return True

    def _kept(self, path: str, sent: dict) -> dict:
        sent["metadata"]["resourceVersion"] = "1"
        self.server.owner.objects[path] = sent
        return sent


class Argo(_Server):
    """Keeps Kubernetes' custom objects. `settings`, as environment variables, lead there.

    `processes` holds the arguments of all processes at each time that an object was sent.
    It takes no object in whose metadata it finds the text `refuses`.
    """

    handler = _CustomObjectHandler

    def __init__(self, kubeconfig: Path) -> None:
        self.objects: dict[str, dict] = {}
        self.processes = ""
        self.refuses = "nothing is refused"
        self._kubeconfig = kubeconfig
        self.settings = {"KUBECONFIG": str(kubeconfig)}

    def __enter__(self) -> Self:
        super().__enter__()
        everything = {
            "current-context": "here",
            "contexts": [{"name": "here", "context": {"cluster": "here", "user": "me"}}],
            "clusters": [{"name": "here", "cluster": {"server": self.address}}],
            "users": [{"name": "me", "user": {}}],
        }
        self._kubeconfig.write_text(json.dumps(everything))
        return self

    def kept(self, plural: str) -> list[dict]:
        """Return the objects of one kind, such as `workflows`."""
        return [kept for path, kept in self.objects.items() if f"/{plural}/" in path]
