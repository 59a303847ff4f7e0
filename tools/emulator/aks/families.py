"""What the family of a node image says of its pool."""

from __future__ import annotations

from typing import Final

_SKUS: Final = (
    ("AKSUbuntu-2404", "Ubuntu2404"),
    ("AKSUbuntu", "Ubuntu"),
    ("AKSAzureLinux-V3", "AzureLinux3"),
    ("AKSAzureLinux", "AzureLinux"),
    ("AKSCBLMariner", "AzureLinux"),
    ("AKSMariner", "AzureLinux"),
    ("AKSFlatcar", "Flatcar"),
    ("AKSWindows-2025", "Windows2025"),
    ("AKSWindows-2022", "Windows2022"),
    ("AKSWindows-2019", "Windows2019"),
    ("AKSWindows", "WindowsAnnual"),
)


def os_type(family: str) -> str:
    """`Linux` or `Windows`."""
    return "Windows" if family.startswith("AKSWindows") else "Linux"


def os_sku(family: str) -> str:
    """The `osSKU` of a pool with images of this family."""
    return next((sku for beginning, sku in _SKUS if family.startswith(beginning)), "Ubuntu")


def pool_families(folder: str) -> tuple[str, ...]:
    """The families that pools report for a folder-level family; the notes of AKS name no more than the folder."""
    if folder.startswith("AKSMariner"):
        return (folder,)
    if folder.startswith("AKSWindows"):
        return (f"{folder}-containerd", f"{folder}-containerd-gen2")
    if folder.startswith("AKSAzureLinux-V3"):
        return (folder, f"{folder}gen2", f"{folder}gen2arm64")
    if folder.startswith("AKSAzureLinux"):
        return (folder, f"{folder}gen2", f"{folder}gen2arm64")
    return (f"{folder}containerd", f"{folder}gen2containerd", f"{folder}gen2arm64containerd")
