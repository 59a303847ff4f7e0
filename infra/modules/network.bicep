metadata description = 'A virtual network for the app and its private endpoints, with an explicit way out for calls to Azure.'

import { subnets, tagMap } from '../types/app.bicep'

@description('What identifies the installation; part of every name.')
param installation string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags tagMap

@description('Address range of the network.')
param addressPrefix string

@description('Address range of the subnet of the app, part of it. Azure suggests /27 for up to 40 instances.')
param appSubnetPrefix string

@description('Address range of the subnet of the private endpoints, part of it.')
param endpointSubnetPrefix string

@description('Whether calls to Azure leave by a NAT gateway with a fixed address, and not by the default access of Azure.')
param natGateway bool

resource address 'Microsoft.Network/publicIPAddresses@2025-01-01' = if (natGateway) {
  name: 'pip-${installation}'
  location: location
  tags: tags
  sku: {
    name: 'Standard'
  }
  properties: {
    publicIPAllocationMethod: 'Static'
    publicIPAddressVersion: 'IPv4'
  }
}

resource gateway 'Microsoft.Network/natGateways@2025-01-01' = if (natGateway) {
  name: 'ng-${installation}'
  location: location
  tags: tags
  sku: {
    name: 'Standard'
  }
  properties: {
    idleTimeoutInMinutes: 4
    publicIpAddresses: [
      {
        id: address.id
      }
    ]
  }
}

// no one connects to the app through its subnet: it is for calls that go out
resource appRules 'Microsoft.Network/networkSecurityGroups@2025-01-01' = {
  name: 'nsg-app-${installation}'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'deny-inbound'
        properties: {
          priority: 4096
          direction: 'Inbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: 'Internet'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource endpointRules 'Microsoft.Network/networkSecurityGroups@2025-01-01' = {
  name: 'nsg-endpoints-${installation}'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'allow-app'
        properties: {
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: appSubnetPrefix
          sourcePortRange: '*'
          destinationAddressPrefix: endpointSubnetPrefix
          destinationPortRange: '443'
        }
      }
      {
        name: 'deny-others'
        properties: {
          priority: 4096
          direction: 'Inbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource network 'Microsoft.Network/virtualNetworks@2025-01-01' = {
  name: 'vnet-${installation}'
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [
        addressPrefix
      ]
    }
    // subnets are part of the network, not separate resources: a second deployment would otherwise remove them first
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: appSubnetPrefix
          defaultOutboundAccess: !natGateway
          networkSecurityGroup: {
            id: appRules.id
          }
          ...(natGateway ? { natGateway: { id: gateway.id } } : {})
          delegations: [
            {
              name: 'flex-consumption'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'private-endpoints'
        properties: {
          addressPrefix: endpointSubnetPrefix
          defaultOutboundAccess: false
          privateEndpointNetworkPolicies: 'Enabled'
          networkSecurityGroup: {
            id: endpointRules.id
          }
        }
      }
    ]
  }

  resource appSubnet 'subnets' existing = {
    name: 'app'
  }

  resource endpointSubnet 'subnets' existing = {
    name: 'private-endpoints'
  }
}

@description('The network and its subnets.')
output subnets subnets = {
  networkId: network.id
  appSubnetId: network::appSubnet.id
  endpointSubnetId: network::endpointSubnet.id
}
