metadata description = 'The system topic of one AKS cluster. A cluster has one at most: if it has one under another name, this fails.'

@description('Name of the system topic.')
param name string

@description('Region of the cluster.')
param location string

@description('Tags of every resource.')
param tags object

@description('Resource id of the cluster.')
param clusterId string

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: name
  location: location
  tags: tags
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    source: clusterId
    topicType: 'Microsoft.ContainerService.ManagedClusters'
  }
}

output principalId string = topic.identity.principalId
