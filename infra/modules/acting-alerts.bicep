metadata description = 'Lets alerts call the app. The function must exist, so this is deployed after the code, not with the alert rules.'

import { tagMap } from '../types/app.bicep'

@description('Tags of every resource.')
param tags tagMap

@description('Name of the Function app, in this resource group.')
param functionAppName string

@description('Host name of the Function app.')
param functionAppHostName string

// alert-rules.bicep writes this word into the description of each rule that the app can act on
var actingWord = 'calls-fleet-auto-upgrade'

resource functionApp 'Microsoft.Web/sites@2025-03-01' existing = {
  name: functionAppName
}

resource receiver 'Microsoft.Web/sites/functions@2025-03-01' existing = {
  parent: functionApp
  name: 'alerts'
}

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${functionAppName}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'fleetacts'
    azureFunctionReceivers: [
      {
        name: 'app'
        functionAppResourceId: functionApp.id
        functionName: 'alerts'
        // the key of this function gives access to no other function
        httpTriggerUrl: 'https://${functionAppHostName}/api/alerts?code=${receiver.listKeys().default}'
        useCommonAlertSchema: true
      }
    ]
  }
}

// main.bicep deploys the rules, before this group exists and again at any time. A processing rule adds the group to their
// alerts, so that main.bicep does not have to know whether the group exists.
resource processingRule 'Microsoft.AlertsManagement/actionRules@2021-08-08' = {
  name: 'apr-${functionAppName}'
  location: 'Global'
  tags: tags
  properties: {
    description: 'Adds the action group of the app to alerts that the app can act on.'
    enabled: true
    // the rules query the workspace, so the target of their alerts is in this resource group
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
          actionGroup.id
        ]
      }
    ]
  }
}
