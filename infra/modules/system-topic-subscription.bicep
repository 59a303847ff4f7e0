metadata description = 'Delivers events of a system topic to a function of the app.'

import { deadLetterDestination } from '../types/events.bicep'

@description('Name of the event subscription.')
param name string

@description('Name of the system topic.')
param topicName string

@description('Types of the events.')
param eventTypes string[]

@description('Resource id of the function.')
param functionId string

@description('Where undelivered events go; null for a topic without an identity, as the storage account accepts nothing else.')
param deadLetters deadLetterDestination?

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName
}

resource eventSubscription 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: name
  properties: {
    eventDeliverySchema: 'EventGridSchema'
    filter: {
      includedEventTypes: eventTypes
    }
    destination: {
      endpointType: 'AzureFunction'
      properties: {
        resourceId: functionId
        maxEventsPerBatch: 1
      }
    }
    retryPolicy: {
      maxDeliveryAttempts: 30
      eventTimeToLiveInMinutes: 1440
    }
    ...(deadLetters == null
      ? {}
      : {
          deadLetterWithResourceIdentity: {
            identity: {
              type: 'SystemAssigned'
            }
            deadLetterDestination: {
              endpointType: 'StorageBlob'
              properties: {
                resourceId: deadLetters.?storageAccountId
                blobContainerName: deadLetters.?containerName
              }
            }
          }
        })
  }
}
