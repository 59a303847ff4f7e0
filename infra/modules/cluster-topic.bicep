metadata description = 'The system topic of one AKS cluster. A cluster has one at most: if it has one under another name, this fails.'

@description('Name of the system topic.')
param name string

@description('Region of the cluster.')
param location string

@description('Tags of every resource.')
param tags object

@description('Resource id of the cluster.')
param clusterId string

@description('Id of the Log Analytics workspace, which may be elsewhere: alerts read there of events that were given up.')
param workspaceId string

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

resource metrics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'fleet-auto-upgrade'
  scope: topic
  properties: {
    workspaceId: workspaceId
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

output principalId string = topic.identity.principalId
