metadata description = 'Sends the metrics of the Event Grid topic of the app to the workspace: dead-lettered events are among them.'

@description('Name of the topic, in this resource group.')
param topicName string

@description('Id of the Log Analytics workspace.')
param workspaceId string

resource topic 'Microsoft.EventGrid/topics@2025-02-15' existing = {
  name: topicName
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
