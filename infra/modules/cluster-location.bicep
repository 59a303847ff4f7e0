metadata description = 'Where a cluster is: its system topic has to be in the same region.'

@description('Name of the cluster.')
param clusterName string

resource cluster 'Microsoft.ContainerService/managedClusters@2025-03-01' existing = {
  name: clusterName
}

output location string = cluster.location
