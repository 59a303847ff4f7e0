metadata description = 'Events of the approval gates of all fleets in a subscription. A subscription has one such topic at most.'

@description('Name of the system topic.')
param name string

@description('Tags of every resource.')
param tags object

@description('Resource id of the Function app.')
param functionAppId string

@description('Id of the Log Analytics workspace, which may be elsewhere: alerts read there of events that were given up.')
param workspaceId string

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    source: subscription().id
    topicType: 'Microsoft.ResourceNotifications.AKSResources'
  }
}

// no dead letters: a global topic can have no identity, and the storage account takes nothing else;
// the app finds on its watch timer what an event lost
resource gates 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: 'fleet-auto-upgrade'
  properties: {
    eventDeliverySchema: 'EventGridSchema'
    filter: {
      includedEventTypes: [
        'Microsoft.ResourceNotifications.AKSResources.FleetGateCreated'
        'Microsoft.ResourceNotifications.AKSResources.FleetGateUpdated'
      ]
    }
    destination: {
      endpointType: 'AzureFunction'
      properties: {
        resourceId: '${functionAppId}/functions/gate_events'
        maxEventsPerBatch: 1
      }
    }
    retryPolicy: {
      maxDeliveryAttempts: 30
      eventTimeToLiveInMinutes: 1440
    }
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
