// Storage and topic are closed to public networks, and a network is created for the app.
using '../../../infra/main.bicep'

param environmentName = 'prod'
param location = 'westeurope'
param alertEmail = 'fleets@example.com'
param privateNetwork = true
param callerRanges = [
  '203.0.113.0/24'
]
param clusterIds = [
  '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/clusters/providers/Microsoft.ContainerService/managedClusters/west'
]
