targetScope = 'managementGroup'

metadata description = 'Lets one installation manage the fleets below one management group: az deployment mg create, once for each group.'

import { alertPermissions, appPermissions, profilePermissions } from 'functions/roles.bicep'

@description('The token of the installation: the output INSTALLATION of main.bicep.')
@minLength(1)
@maxLength(32)
param installation string

@description('Object id of the identity of the app: the output APP_PRINCIPAL_ID of main.bicep.')
@minLength(36)
@maxLength(36)
param appPrincipalId string

@description('Object id of the identity of the alert rules: the output ALERT_PRINCIPAL_ID of main.bicep.')
@minLength(36)
@maxLength(36)
param alertPrincipalId string

@description('Whether the app may call every action on fleets but listCredentials: docs/security.md says when that helps.')
param broadFleetActions bool = false

@description('Whether callers of the app may have it write and delete auto-upgrade profiles.')
param profilesWrite bool = false

// a custom role can name one management group at most, so each group has separate roles
resource appRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(managementGroup().id, installation, 'fleet-auto-upgrade')
  properties: {
    roleName: take('Fleet auto-upgrade ${installation} in ${managementGroup().name}', 128)
    description: 'Reads fleets and clusters, creates and controls update runs. Created by Fleet auto-upgrade.'
    type: 'CustomRole'
    assignableScopes: [
      managementGroup().id
    ]
    permissions: [
      appPermissions(broadFleetActions)
    ]
  }
}

resource appAssignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(managementGroup().id, installation, appPrincipalId)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: appRole.id
  }
}

resource profileRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = if (profilesWrite) {
  name: guid(managementGroup().id, installation, 'fleet-auto-upgrade-profiles')
  properties: {
    roleName: take('Fleet auto-upgrade profiles ${installation} in ${managementGroup().name}', 128)
    description: 'Writes and deletes auto-upgrade profiles. Created by Fleet auto-upgrade.'
    type: 'CustomRole'
    assignableScopes: [
      managementGroup().id
    ]
    permissions: [
      profilePermissions()
    ]
  }
}

resource profileAssignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (profilesWrite) {
  name: guid(managementGroup().id, installation, appPrincipalId, 'profiles')
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: profileRole.id
  }
}

resource alertRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(managementGroup().id, installation, 'fleet-auto-upgrade-alerts')
  properties: {
    roleName: take('Fleet auto-upgrade alerts ${installation} in ${managementGroup().name}', 128)
    description: 'Reads fleets, members and update runs. Created by Fleet auto-upgrade for its alert rules.'
    type: 'CustomRole'
    assignableScopes: [
      managementGroup().id
    ]
    permissions: [
      alertPermissions()
    ]
  }
}

resource alertAssignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(managementGroup().id, installation, alertPrincipalId)
  properties: {
    principalId: alertPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: alertRole.id
  }
}

@description('Resource id of the role of the app.')
output appRoleId string = appRole.id

@description('Resource id of the role of the alert rules.')
output alertRoleId string = alertRole.id
