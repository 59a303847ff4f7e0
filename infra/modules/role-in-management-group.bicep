targetScope = 'managementGroup'

metadata description = 'What the app may do below one management group. A custom role can name no more than one of them.'

@description('Display name of the role; unique in the tenant.')
@maxLength(128)
param roleName string

@description('What tells this installation from others.')
param installation string

@description('Object id of the app identity.')
param appPrincipalId string

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(managementGroup().id, installation, 'fleet-auto-upgrade')
  properties: {
    roleName: roleName
    description: 'Reads fleets and clusters, and creates and drives update runs. Made for Fleet auto-upgrade.'
    type: 'CustomRole'
    assignableScopes: [
      managementGroup().id
    ]
    permissions: [
      {
        actions: loadJsonContent('../role-actions.json')
        notActions: []
        dataActions: []
        notDataActions: []
      }
    ]
  }
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(managementGroup().id, installation, appPrincipalId)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: role.id
  }
}
