"""Model: values of Azure and Kubernetes, and the app's records of runs; nothing here decides."""
