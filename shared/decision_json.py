"""A decision as JSON, for people and tools: field names as ARM writes them, reasons as codes with a sentence beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from shared.core.decision import Decision
from shared.core.model.catalog import RegionCatalog
from shared.core.model.node_image import NodeImage, NodeImageVersion
from shared.core.model.times import instant_text
from shared.core.model.unknown import Absent, Unknown
from shared.core.runs.specification import RunSpecification
from shared.core.targets.target import Considered, Target

Json: TypeAlias = Mapping[str, "Json"] | Sequence["Json"] | str | int | float | bool | None


def decision_json(decision: Decision) -> dict[str, Json]:
    """The whole decision; `docs/decisions.md` explains the codes."""
    return {
        "profileId": decision.profile_id.text,
        "outcome": decision.outcome.value,
        "reason": decision.reason.value,
        "sentence": decision.sentence,
        "until": instant_text(decision.until) if decision.until is not None else None,
        "target": _target(decision.target) if decision.target is not None else None,
        "updateRun": _run(decision),
        "members": [
            {
                "name": member.member,
                "action": member.action.value,
                "reason": member.reason.value,
                "sentence": member.sentence,
            }
            for member in decision.members
        ],
        "warnings": [{"code": notice.warning.value, "sentence": notice.sentence} for notice in decision.warnings],
        "candidates": _considered(decision.considered),
        "policies": {policy.key: {"value": policy.value, "source": policy.source} for policy in decision.policies},
    }


def _target(target: Target) -> Json:
    return {
        "kubernetesVersion": str(target.kubernetes_version) if target.kubernetes_version is not None else None,
        "towards": str(target.towards) if target.towards is not None else None,
        "longTermSupport": target.needs_long_term_support,
        "nodeImages": _images(target.node_images),
        **({"securityPatchesOf": target.patch_week.isoformat()} if target.patch_week is not None else {}),
    }


def _run(decision: Decision) -> Json:
    specification = decision.specification
    if specification is None:
        return None
    return {
        "name": decision.run_id.name if decision.run_id is not None else specification.name,
        "id": decision.run_id.text if decision.run_id is not None else None,
        "specification": _specification(specification),
        "runsToStop": [run_id.name for run_id in decision.runs_to_stop],
        "restart": decision.restarts or None,
    }


def _specification(specification: RunSpecification) -> Json:
    version, strategy = specification.kubernetes_version, specification.update_strategy_id
    selection = specification.node_image_selection
    return {
        "name": specification.name,
        "upgradeType": specification.upgrade_type.value,
        "kubernetesVersion": str(version) if version is not None else None,
        "nodeImageSelection": selection.value if selection is not None else None,
        "nodeImages": _images(specification.node_images),
        "updateStrategyId": strategy.text if strategy is not None else None,
        "follows": specification.follows,
    }


def _considered(considered: Considered) -> Json:
    return {
        "regions": {region.region: _region(region) for region in considered.regions},
        "rejected": [
            {"name": one.name, "reason": one.reason.value, "sentence": one.sentence} for one in considered.rejected
        ],
    }


def _region(region: RegionCatalog) -> Json:
    kubernetes = region.kubernetes
    if isinstance(kubernetes, Unknown):
        versions: Json = {"unknown": kubernetes.why}
    else:
        versions = [
            {
                "minor": str(minor),
                "isPreview": offer.is_preview,
                "supportPlans": sorted(plan.value for plan in offer.support_plans),
                "patches": [str(patch) for patch in sorted(offer.patches, reverse=True)],
            }
            for minor, offer in sorted(kubernetes.items(), reverse=True)
        ]
    images = {family: _newest(region.node_images[family]) for family in sorted(region.node_images)}
    return {"kubernetesVersions": versions, "nodeImages": images}


def _newest(image: NodeImageVersion | Absent | Unknown) -> Json:
    """Null for a family that has no image any more."""
    if isinstance(image, Unknown):
        return {"unknown": image.why}
    return str(image) if isinstance(image, NodeImageVersion) else None


def _images(images: Sequence[NodeImage]) -> Json:
    return {image.family: str(image.version) for image in images}
