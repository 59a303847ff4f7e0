targetScope = 'managementGroup'

metadata description = 'Lets one installation manage the fleets below one management group. Run once for each group: az deployment mg create.'

@description('The token of the installation: the output INSTALLATION of main.bicep.')
param installation string

@description('Object id of the identity of the app.')
param appPrincipalId string

@description('Object id of the identity of the alert rules over Azure Resource Graph.')
param alertPrincipalId string

module appRole 'modules/role-in-management-group.bicep' = {
  name: 'fleet-auto-upgrade-role-${installation}'
  params: {
    roleName: take('Fleet auto-upgrade ${installation} in ${managementGroup().name}', 128)
    installation: installation
    appPrincipalId: appPrincipalId
  }
}

module alertReader 'modules/alert-reader-in-management-group.bicep' = {
  name: 'fleet-auto-upgrade-alert-reader-${installation}'
  params: {
    principalId: alertPrincipalId
  }
}
