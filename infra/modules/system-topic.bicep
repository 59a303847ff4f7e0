metadata description = 'A system topic: the events of one Azure resource, such as an AKS cluster or a subscription.'

import { tagMap } from '../types/app.bicep'

@description('Name of the system topic.')
param name string

@description('Region of the source of the events; global for a subscription.')
param location string

@description('Tags of every resource.')
param tags tagMap

@description('Resource id of the source of the events. It can have one system topic of this type only.')
param sourceId string

@description('Topic type.')
param topicType string

@description('Whether the topic has a managed identity, to write dead letters. A global topic can have none.')
param hasIdentity bool

@description('Id of the Log Analytics workspace of the app, for alerts on undelivered events.')
param workspaceId string

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: name
  location: location
  tags: tags
  identity: hasIdentity ? { type: 'SystemAssigned' } : null
  properties: {
    source: sourceId
    topicType: topicType
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

@description('Object id of the identity of the topic; empty without one.')
output principalId string = hasIdentity ? topic.identity.principalId : ''
