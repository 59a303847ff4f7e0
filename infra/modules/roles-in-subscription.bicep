targetScope = 'subscription'

metadata description = 'What the app and its alert rules may do in one subscription: a custom role for each, and its assignment.'

import { alertPermissions, appPermissions, profilePermissions } from '../functions/roles.bicep'

@description('The token of the installation.')
param installation string

@description('Object id of the identity of the app.')
param appPrincipalId string

@description('Object id of the identity of the alert rules.')
param alertPrincipalId string

@description('Whether the app may call every action on fleets but listCredentials.')
param broadFleetActions bool

@description('Whether callers of the app may have it write and delete auto-upgrade profiles.')
param profilesWrite bool

resource appRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(subscription().id, installation, 'fleet-auto-upgrade')
  properties: {
    // unique in the tenant
    roleName: 'Fleet auto-upgrade ${installation} in ${subscription().subscriptionId}'
    description: 'Reads fleets and clusters, creates and controls update runs. Created by Fleet auto-upgrade.'
    type: 'CustomRole'
    assignableScopes: [
      subscription().id
    ]
    permissions: [
      appPermissions(broadFleetActions)
    ]
  }
}

resource appAssignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(subscription().id, installation, appPrincipalId)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: appRole.id
  }
}

resource profileRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = if (profilesWrite) {
  name: guid(subscription().id, installation, 'fleet-auto-upgrade-profiles')
  properties: {
    roleName: 'Fleet auto-upgrade profiles ${installation} in ${subscription().subscriptionId}'
    description: 'Writes and deletes auto-upgrade profiles. Created by Fleet auto-upgrade.'
    type: 'CustomRole'
    assignableScopes: [
      subscription().id
    ]
    permissions: [
      profilePermissions()
    ]
  }
}

resource profileAssignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (profilesWrite) {
  name: guid(subscription().id, installation, appPrincipalId, 'profiles')
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: profileRole.id
  }
}

resource alertRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(subscription().id, installation, 'fleet-auto-upgrade-alerts')
  properties: {
    roleName: 'Fleet auto-upgrade alerts ${installation} in ${subscription().subscriptionId}'
    description: 'Reads fleets, members and update runs. Created by Fleet auto-upgrade for its alert rules.'
    type: 'CustomRole'
    assignableScopes: [
      subscription().id
    ]
    permissions: [
      alertPermissions()
    ]
  }
}

resource alertAssignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(subscription().id, installation, alertPrincipalId)
  properties: {
    principalId: alertPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: alertRole.id
  }
}
