targetScope = 'subscription'

metadata description = 'A resource group for the system topic of gate events, which must be in the subscription of the fleets.'

import { tagMap } from '../types/app.bicep'

@description('Name of the resource group.')
param name string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags tagMap

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: name
  location: location
  tags: tags
}
