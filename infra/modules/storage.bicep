metadata description = 'The storage account of the app: its package, the state of the Functions host, the ledger, queues, dead letters.'

import { storageEndpoints, storageSku, tagMap } from '../types/app.bicep'

@description('Name of the storage account.')
@minLength(3)
@maxLength(24)
param name string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags tagMap

@description('Redundancy. The ledger holds when each release was first seen; losing it delays upgrades by their soak.')
param sku storageSku

@description('Object id of the identity of the app.')
param appPrincipalId string

@description('Whether public networks are closed: private endpoints, and the resources of resourceAccessIds, remain.')
param isPrivate bool

@description('Resource ids whose identities write dead letters although public networks are closed; * stands for a part.')
param resourceAccessIds string[]

@description('After how many days a dead letter is deleted.')
@minValue(1)
@maxValue(3650)
param deadLetterDays int

@description('For how many days a deleted blob or container can be restored.')
@minValue(1)
@maxValue(365)
param softDeleteDays int

@description('Resource id of the Log Analytics workspace.')
param workspaceId string

var packageContainerName = 'app-package'
var deadLetterContainerName = 'deadletters'

// Storage Blob Data Owner: what the Functions host needs for its state, its keys and the package
var blobOwnerRole = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
// Storage Table Data Contributor: the ledger
var tableContributorRole = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'

// Storage Queue Data Contributor: sends, receives and deletes messages. The host also changes them, to hide one that it
// handles or that failed, which of the roles for queues only this one allows; Storage Queue Data Message Processor has
// no messages/write: https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory
var queueContributorRole = '974c5e8b-45b9-4653-ba55-5f855dd0fb88'

// The queues of shared/messages.py. Poison queues exist from the beginning, so that the app can count what is in them.
var queueNames = [
  'evaluate-estate'
  'evaluate-profile'
  'watch-gates'
]

// "any resource instances and exceptions you previously configured ... will remain in effect" once public network
// access is disabled: https://learn.microsoft.com/azure/storage/common/storage-network-security-set-default-access
var networkRules = isPrivate
  ? {
      bypass: 'None'
      defaultAction: 'Deny'
      resourceAccessRules: map(resourceAccessIds, id => {
        tenantId: tenant().tenantId
        resourceId: id
      })
    }
  : {
      bypass: 'AzureServices'
      defaultAction: 'Allow'
    }

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: sku
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    isLocalUserEnabled: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: networkRules
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = {
  parent: storage
  name: 'default'
  properties: {
    deleteRetentionPolicy: {
      enabled: true
      days: softDeleteDays
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: softDeleteDays
    }
  }
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices@2025-06-01' existing = {
  parent: storage
  name: 'default'
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices@2025-06-01' existing = {
  parent: storage
  name: 'default'
}

resource workQueues 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01' = [
  for name in queueNames: {
    parent: queues
    name: name
  }
]

resource poisonQueues 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01' = [
  for name in queueNames: {
    parent: queues
    name: '${name}-poison'
  }
]

resource package 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: blobs
  name: packageContainerName
  properties: {
    publicAccess: 'None'
  }
}

resource deadLetters 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: blobs
  name: deadLetterContainerName
  properties: {
    publicAccess: 'None'
  }
}

resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2025-06-01' = {
  parent: storage
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'delete-dead-letters'
          type: 'Lifecycle'
          enabled: true
          definition: {
            filters: {
              blobTypes: [
                'blockBlob'
              ]
              prefixMatch: [
                '${deadLetterContainerName}/'
              ]
            }
            actions: {
              baseBlob: {
                delete: {
                  daysAfterModificationGreaterThan: deadLetterDays
                }
              }
            }
          }
        }
      ]
    }
  }
  dependsOn: [
    blobs
  ]
}

resource blobOwner 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage.id, appPrincipalId, blobOwnerRole)
  scope: storage
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobOwnerRole)
  }
}

resource tableContributor 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage.id, appPrincipalId, tableContributorRole)
  scope: storage
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableContributorRole)
  }
}

resource queueContributor 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage.id, appPrincipalId, queueContributorRole)
  scope: storage
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', queueContributorRole)
  }
}

// the Functions host reads its state all the time, so reads are not among these
var logs = [
  {
    category: 'StorageWrite'
    enabled: true
  }
  {
    category: 'StorageDelete'
    enabled: true
  }
]
var metrics = [
  {
    category: 'Transaction'
    enabled: true
  }
]

// the stable API version, 2016-09-01, knows one setting a resource and no categories of logs
#disable-next-line use-recent-api-versions
resource blobDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'fleet-auto-upgrade'
  scope: blobs
  properties: {
    workspaceId: workspaceId
    logs: logs
    metrics: metrics
  }
}

#disable-next-line use-recent-api-versions
resource tableDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'fleet-auto-upgrade'
  scope: tables
  properties: {
    workspaceId: workspaceId
    logs: logs
    metrics: metrics
  }
}

#disable-next-line use-recent-api-versions
resource queueDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'fleet-auto-upgrade'
  scope: queues
  properties: {
    workspaceId: workspaceId
    logs: logs
    metrics: metrics
  }
}

@description('Resource id of the storage account.')
output id string = storage.id

@description('Name of the storage account.')
output name string = storage.name

@description('Endpoints of its services.')
output endpoints storageEndpoints = {
  blob: storage.properties.primaryEndpoints.blob
  queue: storage.properties.primaryEndpoints.queue
  table: storage.properties.primaryEndpoints.table
}

@description('URL of the container for the package of the app.')
output packageUrl string = '${storage.properties.primaryEndpoints.blob}${package.name}'

@description('Name of the container for dead letters.')
output deadLetterContainer string = deadLetters.name
