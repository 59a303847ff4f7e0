metadata description = 'Lets alerts call the app. Its function has to be there for that, so this comes after the code, not with the alert rules.'

@description('Tags of every resource.')
param tags object

@description('Name of the Function app, in this resource group.')
param functionAppName string

@description('Host name of the Function app.')
param functionAppHostName string

@description('Whether alerts call the app. If not, the action group has no receiver and no key, and nothing adds it.')
param isOn bool

// the word that alert-rules.bicep puts into the description of a rule that makes the app act
var actingWord = 'calls-fleet-auto-upgrade'

resource functionApp 'Microsoft.Web/sites@2024-04-01' existing = {
  name: functionAppName
}

resource receiver 'Microsoft.Web/sites/functions@2024-04-01' existing = {
  parent: functionApp
  name: 'alerts'
}

resource callsApp 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${functionAppName}'
  location: 'global'
  tags: tags
  properties: {
    enabled: isOn
    groupShortName: 'fleetacts'
    azureFunctionReceivers: isOn ? [
      {
        name: 'app'
        functionAppResourceId: functionApp.id
        functionName: 'alerts'
        // the key of this function opens no other
        httpTriggerUrl: 'https://${functionAppHostName}/api/alerts?code=${receiver.listKeys().default}'
        useCommonAlertSchema: true
      }
    ] : []
  }
}

// The rules stand in main.bicep, which is deployed without this and may come again at any time: were the group named
// in them, each deployment would have to know whether it is there yet. A processing rule adds it from outside.
resource whenItFires 'Microsoft.AlertsManagement/actionRules@2021-08-08' = {
  name: 'apr-${functionAppName}'
  location: 'Global'
  tags: tags
  properties: {
    description: 'Has the app look at once when an alert fires that it can act on.'
    enabled: isOn
    // the rules ask the workspace, so their alerts are about the workspace, which is in this resource group
    scopes: [
      resourceGroup().id
    ]
    conditions: [
      {
        field: 'Description'
        operator: 'Contains'
        values: [
          actingWord
        ]
      }
      {
        field: 'MonitorCondition'
        operator: 'Equals'
        values: [
          'Fired'
        ]
      }
    ]
    actions: [
      {
        actionType: 'AddActionGroups'
        actionGroupIds: [
          callsApp.id
        ]
      }
    ]
  }
}
