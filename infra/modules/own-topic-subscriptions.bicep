metadata description = 'Delivers the events that the app publishes to its own functions.'

import { deadLetterDestination } from '../types/events.bicep'

@description('Name of the Event Grid topic of the app.')
param topicName string

@description('Name of the Function app, in this resource group.')
param functionAppName string

@description('Where undelivered events go.')
param deadLetters deadLetterDestination

var subscriptions = [
  {
    name: 'release-events'
    eventType: 'FleetAutoUpgrade.ReleaseDetected'
    functionName: 'release_events'
  }
]

resource topic 'Microsoft.EventGrid/topics@2025-02-15' existing = {
  name: topicName
}

resource functionApp 'Microsoft.Web/sites@2025-03-01' existing = {
  name: functionAppName
}

resource functions 'Microsoft.Web/sites/functions@2025-03-01' existing = [
  for subscription in subscriptions: {
    parent: functionApp
    name: subscription.functionName
  }
]

resource eventSubscriptions 'Microsoft.EventGrid/topics/eventSubscriptions@2025-02-15' = [
  for (subscription, index) in subscriptions: {
    parent: topic
    name: subscription.name
    properties: {
      eventDeliverySchema: 'EventGridSchema'
      filter: {
        includedEventTypes: [
          subscription.eventType
        ]
      }
      destination: {
        endpointType: 'AzureFunction'
        properties: {
          resourceId: functions[index].id
          maxEventsPerBatch: 1
        }
      }
      retryPolicy: {
        maxDeliveryAttempts: 30
        eventTimeToLiveInMinutes: 1440
      }
      deadLetterWithResourceIdentity: {
        identity: {
          type: 'SystemAssigned'
        }
        deadLetterDestination: {
          endpointType: 'StorageBlob'
          properties: {
            resourceId: deadLetters.storageAccountId
            blobContainerName: deadLetters.containerName
          }
        }
      }
    }
  }
]
