"""Reads from AKS: versions and images by region, clusters, maintenance windows, the release tracker."""
