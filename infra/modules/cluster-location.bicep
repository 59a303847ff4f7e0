metadata description = 'The region of a cluster: its system topic must be in the same region.'

@description('Name of the cluster.')
param clusterName string

resource cluster 'Microsoft.ContainerService/managedClusters@2025-10-01' existing = {
  name: clusterName
}

@description('Azure region of the cluster.')
output location string = cluster.location
