targetScope = 'subscription'

metadata description = 'A resource group for the system topic of gate events, which has to be in the subscription it tells of.'

@description('Name of the resource group.')
param name string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags object

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: name
  location: location
  tags: tags
}
