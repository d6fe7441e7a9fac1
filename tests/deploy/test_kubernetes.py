"""deploy/kubernetes: in step with docker-compose.yml, the settings and the probes of a process."""

from __future__ import annotations

import re
from typing import Any

import yaml

from services.runtime.settings import settings_table
from tests.deploy.compose import ROOT, services

FOLDER = ROOT / "deploy" / "kubernetes"
STAGES = {"poller", "extractor", "alerter", "dashboard", "notifier"}


def documents(name: str) -> list[dict[str, Any]]:
    """The documents of one manifest."""
    return list(yaml.safe_load_all((FOLDER / name).read_text(encoding="utf-8")))


KUSTOMIZATION = documents("kustomization.yaml")[0]
WORKLOADS = [*documents("stages.yaml"), *documents("topics.yaml")]


def pod(workload: dict[str, Any]) -> dict[str, Any]:
    """The pod that a workload, or a patch of one, describes."""
    found: dict[str, Any] = workload["spec"]["template"]["spec"]
    return found


def container(workload: dict[str, Any]) -> dict[str, Any]:
    """The one container of that pod."""
    [found] = pod(workload)["containers"]
    assert found["name"] == "tocsin"  # by this name the patches find it
    return dict(found)


def test_every_manifest_is_named_in_the_kustomization() -> None:
    named = {*KUSTOMIZATION["resources"], *(patch["path"] for patch in KUSTOMIZATION["patches"])}
    assert named == {path.name for path in FOLDER.iterdir()} - {"kustomization.yaml"}


def test_the_stages_and_the_topics_job_run_the_commands_that_compose_runs() -> None:
    commands = {workload["metadata"]["name"]: tuple(container(workload)["args"]) for workload in WORKLOADS}
    assert commands == {name: services()[name].command for name in {*STAGES, "topics"}}


def test_the_image_is_that_of_compose() -> None:
    [image] = KUSTOMIZATION["images"]
    assert f"{image['newName']}:{image['newTag']}" == services()["poller"].image
    assert container(documents("pod.yaml")[0])["image"] == image["name"]


def test_every_variable_is_a_setting() -> None:
    [config] = KUSTOMIZATION["configMapGenerator"]
    given = {literal.split("=")[0] for literal in config["literals"]}
    assert given <= set(re.findall(r"`(TOCSIN_\w+)`", settings_table()))


def test_kubernetes_adds_no_variables_that_look_like_settings() -> None:
    assert pod(documents("pod.yaml")[0])["enableServiceLinks"] is False


def test_pods_meet_the_restricted_standard_that_their_namespace_enforces() -> None:
    [namespace] = documents("namespace.yaml")
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    shared = documents("pod.yaml")[0]
    assert pod(shared)["securityContext"]["runAsNonRoot"] is True
    assert pod(shared)["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container(shared)["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def test_pods_run_as_the_user_of_the_image_and_have_a_minute_to_stop() -> None:
    shared = pod(documents("pod.yaml")[0])
    user = shared["securityContext"]
    assert f"{user['runAsUser']}:{user['runAsGroup']}" == services()["poller"].raw["user"]
    assert shared["terminationGracePeriodSeconds"] == 60


def test_life_is_asked_of_healthz_and_readiness_of_readyz_on_the_port_that_is_set() -> None:
    probed = container(documents("probes.yaml")[0])
    paths = {kind: probed[kind]["httpGet"]["path"] for kind in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert paths == {"startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz"}
    [config] = KUSTOMIZATION["configMapGenerator"]
    assert f"TOCSIN_HTTP__PORT={probed['ports'][0]['containerPort']}" in config["literals"]


def test_every_pod_asks_for_what_it_needs_and_is_held_to_its_memory() -> None:
    for workload in WORKLOADS:
        resources = container(workload)["resources"]
        assert set(resources["requests"]) == {"cpu", "memory"}
        assert resources["limits"]["memory"]


def test_one_poller_polls_and_the_old_one_stops_first() -> None:
    [poller] = [workload for workload in WORKLOADS if workload["metadata"]["name"] == "poller"]
    assert poller["spec"]["replicas"] == 1
    assert poller["spec"]["strategy"] == {"type": "Recreate"}
