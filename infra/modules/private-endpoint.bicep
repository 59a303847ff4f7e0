metadata description = 'One private endpoint and, unless central DNS does it, the zone by which the virtual network finds it.'

import { tagMap } from '../types/app.bicep'

@description('Name of the private endpoint.')
param name string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags tagMap

@description('Resource id of the virtual network that looks it up.')
param networkId string

@description('Resource id of its subnet.')
param subnetId string

@description('Resource id of what it leads to.')
param targetId string

@description('Which part of that: a service of a storage account, or an Event Grid topic.')
param groupId 'blob' | 'queue' | 'table' | 'topic'

@description('Whether the DNS zone is created. Not where a central DNS registers private endpoints.')
param hasZone bool

@description('The DNS zone, for example privatelink.blob and the suffix of the cloud.')
param zoneName string

resource endpoint 'Microsoft.Network/privateEndpoints@2025-01-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: {
      id: subnetId
    }
    privateLinkServiceConnections: [
      {
        name: groupId
        properties: {
          privateLinkServiceId: targetId
          groupIds: [
            groupId
          ]
        }
      }
    ]
  }
}

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = if (hasZone) {
  name: zoneName
  location: 'global'
  tags: tags
}

resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = if (hasZone) {
  parent: zone
  name: uniqueString(networkId)
  location: 'global'
  tags: tags
  properties: {
    registrationEnabled: false
    virtualNetwork: {
      id: networkId
    }
  }
}

resource records 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-01-01' = if (hasZone) {
  parent: endpoint
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: groupId
        properties: {
          privateDnsZoneId: zone.id
        }
      }
    ]
  }
}
