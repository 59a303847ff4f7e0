targetScope = 'managementGroup'

metadata description = 'Lets the identity of the alert rules read what is below one management group: the fleets are there.'

@description('Object id of the identity.')
param principalId string

// Reader
var readerRole = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'

resource reader 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(managementGroup().id, principalId, readerRole)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: tenantResourceId('Microsoft.Authorization/roleDefinitions', readerRole)
  }
}
