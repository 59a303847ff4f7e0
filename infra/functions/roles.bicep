metadata description = 'What the custom roles may do. The lists of actions are in role-actions.json, profile-role-actions.json and alert-role-actions.json.'

@description('Permissions of a custom role, without any right to data.')
type permissions = {
  @description('Actions that the role allows.')
  actions: string[]

  @description('Actions that it does not allow, although a wildcard covers them.')
  notActions: string[]

  @description('None.')
  dataActions: string[]

  @description('None.')
  notDataActions: string[]
}

@description('Whether an action is one on a fleet, and neither reads nor writes: generateUpdateRun and skip, for example.')
func isFleetAction(action string) bool =>
  startsWith(toLower(action), 'microsoft.containerservice/fleets/') && endsWith(toLower(action), '/action')

@export()
@description('Permissions of the app. Broad replaces the actions on fleets by a wildcard, less the one that returns credentials.')
func appPermissions(isBroad bool) permissions => {
  actions: isBroad
    ? concat(filter(loadJsonContent('../role-actions.json'), action => !isFleetAction(action)), [
        'Microsoft.ContainerService/fleets/*/action'
      ])
    : loadJsonContent('../role-actions.json')
  notActions: isBroad ? ['Microsoft.ContainerService/fleets/listCredentials/action'] : []
  dataActions: []
  notDataActions: []
}

@export()
@description('Permissions of the app to write and delete profiles, where its setting allows that to its callers.')
func profilePermissions() permissions => {
  actions: loadJsonContent('../profile-role-actions.json')
  notActions: []
  dataActions: []
  notDataActions: []
}

@export()
@description('Permissions of the identity of the alert rules: what their queries over Azure Resource Graph read.')
func alertPermissions() permissions => {
  actions: loadJsonContent('../alert-role-actions.json')
  notActions: []
  dataActions: []
  notDataActions: []
}
