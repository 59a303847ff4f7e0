"""Values of Azure and Kubernetes, and nothing that decides."""
